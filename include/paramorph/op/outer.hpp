// outer(x, y): the matrix x y^T of two vectors, [m], [n] -> [m, n]: x_i y_j; a broadcast product, fused with what uses
// it. Errors: an argument that is no vector is the compiler's. Cost: m n products, in the loop that uses it; no matrix
// is stored for it alone. The gradients are sums along rows and columns. Source: torch.outer.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <traced X, traced Y>
constexpr auto outer(X const& x, Y const& y) {
    if constexpr (extents_of<X>.rank == 1 && extents_of<Y>.rank == 1)
        return unsqueeze<1>(x) * unsqueeze<0>(y);
    else {
        using wrong = detail::mistake<detail::sentence("outer: both arguments must be vectors: ", extents_of<X>,
                                                       " and ", extents_of<Y>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
