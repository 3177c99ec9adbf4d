// A flip of an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/flip.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::flip<2>(x);  // error: flip: the argument has no such axis: axis 2 of [3, 8]
#else
    return pm::flip<-2>(x);
#endif
}
