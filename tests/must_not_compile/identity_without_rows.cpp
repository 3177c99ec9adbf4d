// An identity matrix of no rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>
#include <paramorph/op/triangle.hpp>

namespace pm = paramorph;

auto f(pm::symbol<pm::shape<3, 4>, float> x) {
#ifdef MISTAKE
    return x + pm::identity<0, 4>();  // error: identity: rows and columns must be positive
#else
    return x + pm::identity<3, 4>();
#endif
}
