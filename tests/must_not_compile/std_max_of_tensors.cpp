// std::max on a tensor that is traced.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return std::max(
            x,
            x);  // error: a condition on a traced tensor is not true or false while compiling: write pm::where(condition, a, b)
#else
        return pm::maximum(x, -x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
