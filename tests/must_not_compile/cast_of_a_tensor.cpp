// A traced tensor cast to float.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x * static_cast<float>(x);  // error: a traced tensor is not a number while compiling
#else
        return x * 2.0F;
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
