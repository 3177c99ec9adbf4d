// A branch on a tensor that is traced.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        if (x > 0)
            return x;  // error: a condition on a traced tensor is not true or false while compiling: write pm::where(condition, a, b)
#else
        if (decltype(x)::rank > 0) return x;
#endif
        return x;
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
