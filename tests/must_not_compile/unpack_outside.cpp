// A matrix has no diagonal beyond its corner.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/pack.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<1>, float> x) {
#ifdef MISTAKE
    return pm::unpack_upper<3, 3>(x);  // error: unpack_upper, unpack_lower: a matrix 3 x 3 has the diagonals -2 to 2, and 3 is asked for; the main one is 0
#else
    return pm::unpack_upper<3, 2>(x);
#endif
}
