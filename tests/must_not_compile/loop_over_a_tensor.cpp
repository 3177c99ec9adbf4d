// A traced tensor that a loop assigns to.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        auto s = x;
        for (int k = 0; k < 3; ++k) s = s * x;  // error: write auto y = s * x in place of s = s * x
        return s;
#else
        return x * x * x * x;
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
