// A flip that names an axis twice, once from each end.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/flip.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::flip<0, -2>(x);  // error: flip: name an axis once: axis 0 of [3, 8]
#else
    return pm::flip<0, -1>(x);
#endif
}
