// Windows that are longer than their axis with the elements left out between theirs.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/window.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::window<4, 1, 3>(x);  // error: window: a window must not be longer than its axis: 4 elements, 3 apart
#else
    return pm::window<4, 1, 2>(x);
#endif
}
