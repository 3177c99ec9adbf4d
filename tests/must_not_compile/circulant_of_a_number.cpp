// A circulant matrix of a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/toeplitz.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<>, float> x) {
#ifdef MISTAKE
    return pm::circulant(x);  // error: circulant: the argument must be the first column (rank 1 to 3), and it is []
#else
    return pm::circulant(pm::unsqueeze<0>(x));
#endif
}
