// A right-hand side with another number of rows than the matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/solve.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<4>, float>;
#else
using second = pm::symbol<pm::shape<3>, float>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::solve(pm::slice<1, 0, 3>(x),
                     y);  // error: solve: the right-hand side must have as many rows as the matrix
}
