// A reshape to another number of elements.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::reshape<pm::shape<2, 5>>(x);  // error: reshape: the new shape must hold as many elements as the old one
#else
    return pm::reshape<pm::shape<2, 6>>(x);
#endif
}
