// Stacking vectors of different lengths.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/stack.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> x, pm::symbol<pm::shape<4>, float> y) {
#ifdef MISTAKE
    return pm::stack<0>(x, y);  // error: stack: the arguments must have equal shapes
#else
    return pm::stack<0>(pm::pad<0, 0, 1>(x), y);
#endif
}
