// The diagonal of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/diagonal.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3>, float> x) {
#ifdef MISTAKE
    return pm::diagonal(
        x);  // error: diagonal: the argument must be a matrix (rank 2 or more), and it is [3]; from_diagonal takes vectors
#else
    return pm::from_diagonal(x);
#endif
}
