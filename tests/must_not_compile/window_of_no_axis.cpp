// Windows along an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/window.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::window<2, 1, 1, 2>(x);  // error: window: the argument has no such axis: axis 2 of [3, 8]
#else
    return pm::window<2, 1, 1, 0>(x);
#endif
}
