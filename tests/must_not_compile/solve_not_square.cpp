// A linear system whose matrix is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/solve.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return pm::solve(x, x);  // error: solve: the matrix must be square
#else
    return pm::solve(pm::slice<1, 0, 3>(x), x);
#endif
}
