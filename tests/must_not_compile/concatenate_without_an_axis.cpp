// Tensors joined along no axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
        auto const halves = x * 0.5;
#ifdef MISTAKE
        return pm::concatenate(
            x, halves);  // error: concatenate: the axis is a template argument: write pm::concatenate<0>(x, y)
#else
        return pm::slice<0, 0, 4>(pm::concatenate<0>(x, halves));
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
