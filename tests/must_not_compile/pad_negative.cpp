// Padding by a negative number of zeros.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::pad<1, -1, 0>(x);  // error: pad: the numbers of zeros must not be negative; use slice to cut
#else
    return pm::pad<1, 1, 0>(x);
#endif
}
