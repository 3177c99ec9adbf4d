// Windows of a tensor that has four axes already.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>
#include <paramorph/op/window.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<1, 3, 2, 8>, float> x) {
#ifdef MISTAKE
    return pm::window<2>(x);  // error: window: the result has one axis more, and
#else
    return pm::window<2>(pm::reshape<pm::shape<6, 8>>(x));
#endif
}
