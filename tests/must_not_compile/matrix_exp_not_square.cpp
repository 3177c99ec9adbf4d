// The exponential of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matrix_exp.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::matrix_exp(x);  // error: matrix_exp: the matrix must be square
#else
    return pm::matrix_exp(pm::slice<1, 0, 3>(x));
#endif
}
