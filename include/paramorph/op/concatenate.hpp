// concatenate<axis>(x, y, ...): the arguments one after the other along an axis, which may be counted from the end.
//
// Shapes: [..., p, ...], [..., q, ...], ... -> [..., p + q + ..., ...]; all other extents are equal. Rank 1 to 4.
// Adjoint: each argument's slice of the cotangent, which is read where it is used.
// Errors: an axis that is not there, other ranks or extents are the compiler's.
// Cost: none for an argument that is computed for this alone, or that becomes one run of the result (along the first
// axis longer than 1): it is written where it belongs. Else one copy, in contiguous runs. More than eight arguments are
// joined in eights first.
// Source: torch.cat.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Equal but for the extent of `axis`.
constexpr bool joins(extents a, extents b, int axis) {
    a.d[axis] = b.d[axis] = 1;
    return a == b;
}
template <int Axis, traced X>
constexpr auto concatenated(X const& x) {
    return as_operand(x);
}
template <int Axis, traced X, traced... Y>
    requires(sizeof...(Y) > 0 && sizeof...(Y) < max_arguments)
constexpr auto concatenated(X const& x, Y const&... y) {
    return apply<op::concatenate<1 + sizeof...(Y)>, attributes{{Axis}}>(x, y...);
}
template <int Axis, traced A, traced B, traced C, traced D, traced E, traced F, traced G, traced H, traced... X>
    requires(sizeof...(X) > 0)
constexpr auto concatenated(A const& a, B const& b, C const& c, D const& d, E const& e, F const& f, G const& g,
                            H const& h, X const&... x) {
    return concatenated<Axis>(concatenated<Axis>(a, b, c, d, e, f, g, h), x...);
}

}  // namespace detail

#define PARAMORPH_NO_AXIS(text)                                                                     \
    template <traced X, traced... Y, detail::sentence Says = text>                                  \
    PARAMORPH_DIAGNOSED((diagnose_if(true, text, "error")))                                         \
    constexpr auto concatenate(X const& x, Y const&...) -> detail::operand_type<X> PARAMORPH_GIVES( \
        detail::as_operand(x))
PARAMORPH_NO_AXIS("concatenate: the axis is a template argument: write pm::concatenate<0>(x, y)")
#undef PARAMORPH_NO_AXIS

template <int Axis, traced X, traced... Y>
constexpr auto concatenate(X const& x, Y const&... y) {
    constexpr int rank = extents_of<X>.rank, axis = normal_axis(Axis, rank);
    constexpr bool exists = axis >= 0 && axis < rank;
    constexpr bool fit = [] {
        if constexpr (exists)
            return (detail::joins(extents_of<X>, extents_of<Y>, axis) && ...);
        else
            return false;
    }();
    if constexpr (!exists) {
        using wrong = detail::mistake<detail::sentence("concatenate: the arguments have no such axis: axis ", Axis,
                                                       " of ", extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (!fit) {
        using wrong = detail::mistake<detail::sentence(
            "concatenate: the arguments must have one rank, and equal extents on every other axis than ", Axis, ": ",
            detail::named_operands<detail::operand_type<X>, detail::operand_type<Y>...>().view())>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else
        return detail::concatenated<axis>(x, y...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
