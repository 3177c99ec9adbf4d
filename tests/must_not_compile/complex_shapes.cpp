// Parts that do not fit each other.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/complex.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> a, pm::symbol<pm::shape<1>, float> b) {
#ifdef MISTAKE
    return pm::complex(a, b);  // error: complex: the real and the imaginary part must be of one shape (pm::broadcast_to makes them so): they are [3] and [1]
#else
    return pm::complex(a, a * b);
#endif
}
