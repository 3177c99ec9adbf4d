// A matrix has no diagonal beyond its corner.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/pack.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 3>, float> x) {
#ifdef MISTAKE
    return pm::pack_lower<-3>(x);  // error: pack_upper, pack_lower: a matrix [3, 3] has the diagonals -2 to 2, and -3 is asked for; the main one is 0
#else
    return pm::pack_lower<-2>(x);
#endif
}
