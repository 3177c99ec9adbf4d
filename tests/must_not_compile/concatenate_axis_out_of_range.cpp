// Joining vectors along their second axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/concatenate.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> x, pm::symbol<pm::shape<3>, float> y) {
#ifdef MISTAKE
    return pm::concatenate<1>(x, y);  // error: concatenate: the arguments have no such axis
#else
    return pm::concatenate<0>(x, y);
#endif
}
