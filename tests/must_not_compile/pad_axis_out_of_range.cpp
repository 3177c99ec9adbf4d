// Padding an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::pad<2, 1, 0>(x);  // error: pad: the argument has no such axis
#else
    return pm::pad<-1, 1, 0>(x);
#endif
}
