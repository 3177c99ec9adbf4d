// stack<axis>(x, y, ...): the arguments side by side along a new axis, which may be counted from the end of the result.
//
// Shapes: [...], [...], ... -> [..., number of arguments, ...]; all shapes are equal, rank 0 to 3.
// Adjoint: each argument's part of the cotangent. Errors: an axis outside the new shape, a fifth axis, shapes that
// differ are the compiler's. Cost: that of concatenate. Source: torch.stack.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

#define PARAMORPH_NO_AXIS(text)                                    \
    template <traced X, traced... Y, detail::sentence Says = text> \
    PARAMORPH_DIAGNOSED((diagnose_if(true, text, "error")))        \
    constexpr auto stack(X const& x, Y const&...) -> detail::operand_type<X> PARAMORPH_GIVES(detail::as_operand(x))
PARAMORPH_NO_AXIS("stack: the axis is a template argument: write pm::stack<0>(x, y)")
#undef PARAMORPH_NO_AXIS

template <int Axis, traced X, traced... Y>
constexpr auto stack(X const& x, Y const&... y) {
    constexpr int rank = extents_of<X>.rank, axis = normal_axis(Axis, rank + 1);
    constexpr bool exists = rank < max_rank && axis >= 0 && axis <= rank,
                   fit = ((extents_of<X> == extents_of<Y>) && ...);
    if constexpr (!exists) {
        using wrong = detail::mistake<detail::sentence(
            "stack: the axis lies outside the new shape, or the rank would exceed 4: axis ", Axis, " for tensors of ",
            extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (!fit) {
        using wrong = detail::mistake<detail::sentence(
            "stack: the arguments must have equal shapes: ",
            detail::named_operands<detail::operand_type<X>, detail::operand_type<Y>...>().view())>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else
        return concatenate<axis>(unsqueeze<axis>(x), unsqueeze<axis>(y)...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
