// A triangular system whose right-hand side has other rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/triangular_solve.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::triangular_solve(
        pm::slice<1, 0, 3>(x),
        pm::transpose(x));  // error: triangular_solve: the right-hand side must have as many rows as the matrix
#else
    return pm::triangular_solve(pm::slice<1, 0, 3>(x), x);
#endif
}
