// A permutation that names an axis that does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/permute.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<2, 3>, float> x) {
#ifdef MISTAKE
    return pm::permute<2, 0>(x);  // error: permute: name every axis of the argument once
#else
    return pm::permute<1, 0>(x);
#endif
}
