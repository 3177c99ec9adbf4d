// The lower triangle of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/triangle.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<4>, float> x) {
#ifdef MISTAKE
    return pm::tril(x);  // error: tril: the argument must be a matrix (rank 2 or more)
#else
    return pm::tril(pm::reshape<pm::shape<2, 2>>(x));
#endif
}
