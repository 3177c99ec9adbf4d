// The inverse of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/inverse.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::inverse(x);  // error: inverse: the matrix must be square: it is
#else
    return pm::inverse(pm::slice<1, 0, 3>(x));
#endif
}
