// An outer product with a matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/outer.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<5, 5>, float>;
#else
using second = pm::symbol<pm::shape<5>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::outer(pm::select<0, 0>(x), y);  // error: outer: both arguments must be vectors
}
