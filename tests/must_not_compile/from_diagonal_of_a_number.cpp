// A matrix whose diagonal is a tensor of rank 0.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/diagonal.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<>, float> x) {
#ifdef MISTAKE
    return pm::from_diagonal(
        x);  // error: from_diagonal: the argument must be a vector (rank 1 to 3), and it is []: the result has one axis more
#else
    return pm::from_diagonal(pm::reshape<pm::shape<1>>(x));
#endif
}
