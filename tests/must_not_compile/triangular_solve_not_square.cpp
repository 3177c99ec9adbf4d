// A triangular system whose matrix is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/triangular_solve.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::triangular_solve(x, x);  // error: triangular_solve: the matrix must be square
#else
    return pm::triangular_solve(pm::slice<1, 0, 3>(x), x);
#endif
}
