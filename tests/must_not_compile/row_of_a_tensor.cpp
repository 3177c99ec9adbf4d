// A row of a tensor that is traced.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return x * x[0];  // error: a traced tensor has no elements while compiling: write pm::select<axis, index>(x)
#else
        return x * pm::select<0, 0>(x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
