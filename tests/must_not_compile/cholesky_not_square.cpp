// The Cholesky factor of a matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/cholesky.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::cholesky(x);  // error: cholesky: the matrix must be square
#else
    return pm::cholesky(pm::slice<1, 0, 3>(x));
#endif
}
