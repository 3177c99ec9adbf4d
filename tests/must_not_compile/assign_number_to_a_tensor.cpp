// A traced tensor that is set to a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        auto y = x;
        y = 0;  // error: a traced tensor is not changed in place, since its type says what made it
        return y;
#else
        return pm::where(x, 0.0, x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
