// outer(x, y): the matrix x y^T of two vectors, [m], [n] -> [m, n]; a broadcast product, fused with what uses it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <traced X, traced Y>
constexpr auto outer(X const& x, Y const& y) {
    static_assert(extents_of<X>.rank == 1 && extents_of<Y>.rank == 1, "outer: both arguments must be vectors");
    return unsqueeze<1>(x) * unsqueeze<0>(y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
