// Axes as a list in braces.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x + pm::mean(x, {0});  // error: sum, mean: axes are template arguments
#else
        return x + pm::mean<0>(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
