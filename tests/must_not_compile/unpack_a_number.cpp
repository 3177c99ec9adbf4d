// A number is no vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/pack.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<>, float> x) {
#ifdef MISTAKE
    return pm::unpack_upper<1>(x);  // error: unpack_upper, unpack_lower: the argument must be a vector (rank 1 to 3): it is []
#else
    return pm::unpack_upper<1>(pm::unsqueeze<0>(x));
#endif
}
