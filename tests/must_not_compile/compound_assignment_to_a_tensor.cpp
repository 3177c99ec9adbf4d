// A tensor that is traced is changed in place.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        x +=
            1;  // error: a traced tensor is not changed in place, since its type says what made it: write auto y = x + 1
        return x;
#else
        auto const y = x + 1;
        return y;
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
