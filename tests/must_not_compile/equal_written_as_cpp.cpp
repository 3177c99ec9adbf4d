// Equality of tensors written as C++ writes it.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct stage {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::where(x == 0, 1.0, x);  // error: ==, !=: of traced tensors write pm::equal(x, y)
#else
        return pm::where(pm::equal(x, 0), 1.0, x);
#endif
    }
};
pm::nn::linear<4, 4, pm::weight<stage>> layer;
