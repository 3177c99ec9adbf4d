// The order of a norm as an argument.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x + pm::norm(x, 1);  // error: norm: the order and the axes are template arguments: write pm::norm<1>(x)
#else
        return x + pm::norm<1>(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
