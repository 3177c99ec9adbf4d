// norm<order, axes...>(x): the vector norm over some axes, or over all elements; order 2 (the default), 1 or
// pm::infinity.
//
//   sqrt(sum(x^2)), sum(|x|), max(|x|)
//
// Adjoints: x / norm, sign(x), and the sign shared evenly among equal maxima; at zero the gradient is zero. As
// torch.linalg.vector_norm. The squares may overflow or underflow where the norm does not (op/length.hpp).
// Errors: another order, an axis that is not there or is named twice are the compiler's.
// Cost: as one reduction.
// Source: torch.linalg.vector_norm.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The order of the maximum norm.
struct infinity_t {};
inline constexpr infinity_t infinity{};

#define PARAMORPH_NO_ORDER(text)                                                                  \
    template <traced X, detail::sentence Says = text>                                             \
    PARAMORPH_DIAGNOSED((diagnose_if(true, text, "error")))                                       \
    constexpr auto norm(X const& x, detail::anything) -> detail::operand_type<X> PARAMORPH_GIVES( \
        detail::as_operand(x))
PARAMORPH_NO_ORDER(
    "norm: the order and the axes are template arguments: write pm::norm<1>(x), and pm::norm<2, 1>(x) along axis 1, in "
    "place of pm::norm(x, 1)")
#undef PARAMORPH_NO_ORDER

template <auto Order = 2, int... Axes, traced X>
constexpr auto norm(X const& x) {
    constexpr bool maximum = std::is_same_v<std::remove_const_t<decltype(Order)>, infinity_t>;
    if constexpr (maximum)
        return max<Axes...>(abs(x));
    else {
        static_assert(Order == 1 || Order == 2, "norm: the order must be 1, 2 or pm::infinity");
        if constexpr (extents_of<X>.rank == 0 && sizeof...(Axes) == 0)
            return abs(x);
        else if constexpr (Order == 1)
            return sum<Axes...>(abs(x));
        else
            return detail::reduced<op::length, Axes...>(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
