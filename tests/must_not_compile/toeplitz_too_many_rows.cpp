// A Toeplitz matrix of more rows than there are diagonals.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/toeplitz.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 8>, float> x) {
#ifdef MISTAKE
    return pm::toeplitz<9>(x);  // error: toeplitz: a matrix of m rows and n columns
#else
    return pm::toeplitz<8>(x);
#endif
}
