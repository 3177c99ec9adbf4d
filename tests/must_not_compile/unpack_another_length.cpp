// A vector that does not fill a triangle.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/concatenate.hpp>
#include <paramorph/op/pack.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<5>, float> x) {
#ifdef MISTAKE
    return pm::unpack_upper<3>(
        x);  // error: unpack_upper, unpack_lower: that triangle of 3 x 3 has 6 numbers; the vector is [5]
#else
    return pm::unpack_upper<3>(pm::concatenate<0>(x, pm::slice<0, 0, 1>(x)));
#endif
}
