// The logarithm of a determinant of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/determinant.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::logabsdet(x);  // error: slogdet, logabsdet: the matrix must be square
#else
    return pm::logabsdet(pm::slice<1, 0, 3>(x));
#endif
}
