// A permutation that names an axis twice.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/permute.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<2, 3, 4>, float> x) {
#ifdef MISTAKE
    return pm::permute<0, 1, 1>(x);  // error: permute: name every axis of the argument once
#else
    return pm::permute<0, -1, 1>(x);
#endif
}
