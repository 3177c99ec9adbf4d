// Joining matrices with different numbers of columns along their rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/concatenate.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<2, 3>, float> x, pm::symbol<pm::shape<2, 4>, float> y) {
#ifdef MISTAKE
    return pm::concatenate<0>(
        x, y);  // error: concatenate: the arguments must have one rank, and equal extents on every other axis
#else
    return pm::concatenate<1>(x, y);
#endif
}
