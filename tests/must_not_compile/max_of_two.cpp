// The larger of two as pm::max.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::max(x, 0.0);  // error: the larger of two is pm::maximum(x, y)
#else
        return pm::maximum(x, 0.0);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
