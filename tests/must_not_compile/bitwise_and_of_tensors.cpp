// Conditions on a tensor joined by &.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::where((x > 0) & (x < 1), x, -x);  // error: conditions are numbers: write a * b for a & b
#else
        return pm::where((x > 0) * (x < 1), x, -x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
