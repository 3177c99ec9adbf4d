// permute<p...>(x): the axes in another order. Axis k of the result is axis p[k] of x; a negative axis counts from the
// end. Every axis of x is named once.
//
// Shapes: [d0, d1, ...] -> [d_p0, d_p1, ...], rank 0 to 4. Adjoint: the inverse permutation of the cotangent.
// Errors: an axis that is not named, or named twice, is the compiler's.
// Cost: none of its own, the loop that uses it reads its argument in that order: by tiles transposed in registers where
// the last axis of x becomes the one before the last, element by element where it becomes an earlier one.
// Source: torch.permute.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/transpose.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <int... Axis, traced X>
constexpr auto permute(X const& x) {
    constexpr int rank = extents_of<X>.rank;
    constexpr bool named_once = [] {
        int seen = 0;
        for (int axis : {0, normal_axis(Axis, rank)...})
            seen |= axis >= 0 && axis < max_rank ? 1 << axis : 1 << max_rank;
        return rank == sizeof...(Axis) && (rank == 0 || seen == (1 << rank) - 1);
    }();
    if constexpr (!named_once) {
        using wrong =
            detail::mistake<detail::sentence("permute: name every axis of the argument once: ", sizeof...(Axis),
                                             " axes named, the argument is ", extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else {
        constexpr attributes order = [] {
            attributes r{{0, 1, 2, 3}};
            int k = 0;
            ((r.v[k++] = normal_axis(Axis, rank)), ...);
            return r;
        }();
        return apply<op::transpose, order>(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
