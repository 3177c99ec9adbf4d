// A diagonal to the right of the matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/diagonal.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<4, 3>, float> x) {
#ifdef MISTAKE
    return pm::diagonal<3>(x);  // error: diagonal: a matrix [4, 3] has the diagonals -3 to 2, and 3 is asked for; count
#else
    return pm::diagonal<-3>(x);
#endif
}
