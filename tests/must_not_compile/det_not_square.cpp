// The determinant of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/determinant.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::det(x);  // error: det: the matrix must be square
#else
    return pm::det(pm::slice<1, 0, 3>(x));
#endif
}
