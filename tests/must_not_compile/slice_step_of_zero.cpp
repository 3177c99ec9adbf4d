// A slice in steps of zero.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::slice<1, 0, 8, 0>(x);  // error: slice: the step must not be 0: from 0 to 8 of axis 1, whose extent is 8
#else
    return pm::slice<1, 0, 8, 2>(x);
#endif
}
