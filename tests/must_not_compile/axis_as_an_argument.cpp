// An axis as an argument, as NumPy has it.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x + pm::sum(x, 1);  // error: sum, mean: axes are template arguments: write pm::sum<1>(x)
#else
        return x + pm::sum<1>(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
