// Windows in steps of zero.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/window.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::window<2, 0>(x);  // error: window: size, step and dilation must be 1 or more: size 2, step 0, dilation 1
#else
    return pm::window<2, 1>(x);
#endif
}
