// A permutation that does not name every axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/permute.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<2, 3, 4>, float> x) {
#ifdef MISTAKE
    return pm::permute<1, 0>(x);  // error: permute: name every axis of the argument once
#else
    return pm::permute<1, 0, 2>(x);
#endif
}
