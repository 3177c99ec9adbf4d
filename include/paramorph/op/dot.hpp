// dot(x, y): the sum of the products of two vectors' elements, x[0] y[0] + ... + x[n - 1] y[n - 1].
//
// Shapes: [n], [n] -> []. Adjoints: c y and c x, fused with what uses them.
// Accuracy: the sum runs in several interleaved chains; error at most n epsilon sum |x_i| |y_i|.
// Errors: arguments that are no two vectors of one length are the compiler's.
// Cost: one pass over both arguments, in the loop that computes them. Source: torch.dot.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <traced X, traced Y>
constexpr auto dot(X const& x, Y const& y) {
    constexpr bool fit = extents_of<X>.rank == 1 && extents_of<X> == extents_of<Y>;
    if constexpr (fit)
        return sum(x * y);
    else {
        using wrong = detail::mistake<detail::sentence(
            "dot: the arguments must be two vectors of one length; matmul takes matrices: ", extents_of<X>, " and ",
            extents_of<Y>)>;
        using said [[maybe_unused]] = wrong::type;
        return sum(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
