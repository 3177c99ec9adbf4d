// Stacking along an axis beyond the new shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/stack.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> x, pm::symbol<pm::shape<3>, float> y) {
#ifdef MISTAKE
    return pm::stack<2>(x, y);  // error: stack: the axis lies outside the new shape, or the rank would exceed 4
#else
    return pm::stack<1>(x, y);
#endif
}
