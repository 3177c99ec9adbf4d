// Comparisons, elementwise with broadcasting: 1 where they hold, else 0. With NaN none holds but not_equal. No gradient
// flows through them. greater, greater_equal, less and less_equal are also written >, >=, <, <=; equal and not_equal
// have no operator: == and != stay what C++ means by them. Errors: == and != of traced tensors are the compiler's.
// Cost: one operation an element, in the loop that uses it. Source: torch.gt, torch.ge, torch.lt, torch.le, torch.eq,
// torch.ne.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct greater : elementwise<greater, 2> {
    static constexpr std::string_view name = "greater";
    static constexpr bool flat = true;
    template <class V>
    static constexpr auto holds(V x, V y) {
        return x > y;
    }
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::where_or_zero(holds(x, y), V(1));
    }
};
struct greater_equal : elementwise<greater_equal, 2> {
    static constexpr std::string_view name = "greater_equal";
    static constexpr bool flat = true;
    template <class V>
    static constexpr auto holds(V x, V y) {
        return x >= y;
    }
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::where_or_zero(holds(x, y), V(1));
    }
};
struct equal : elementwise<equal, 2> {
    static constexpr std::string_view name = "equal";
    static constexpr bool flat = true;
    template <class V>
    static constexpr auto holds(V x, V y) {
        return x == y;
    }
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::where_or_zero(holds(x, y), V(1));
    }
};
struct not_equal : elementwise<not_equal, 2> {
    static constexpr std::string_view name = "not_equal";
    static constexpr bool flat = true;
    template <class V>
    static constexpr auto holds(V x, V y) {
        return !(x == y);
    }
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::where_or_zero(holds(x, y), V(1));
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto greater(X const& x, Y const& y) {
    return apply_elementwise<op::greater>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto greater_equal(X const& x, Y const& y) {
    return apply_elementwise<op::greater_equal>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto less(X const& x, Y const& y) {
    return apply_elementwise<op::greater>(y, x);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto less_equal(X const& x, Y const& y) {
    return apply_elementwise<op::greater_equal>(y, x);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto equal(X const& x, Y const& y) {
    return apply_elementwise<op::equal>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto not_equal(X const& x, Y const& y) {
    return apply_elementwise<op::not_equal>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator>(X const& x, Y const& y) {
    return apply_elementwise<op::greater>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator>=(X const& x, Y const& y) {
    return apply_elementwise<op::greater_equal>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator<(X const& x, Y const& y) {
    return apply_elementwise<op::greater>(y, x);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator<=(X const& x, Y const& y) {
    return apply_elementwise<op::greater_equal>(y, x);
}

#define PARAMORPH_EQUAL \
    "==, !=: of traced tensors write pm::equal(x, y), pm::not_equal(x, y), which are 1 where it holds, else 0"
namespace detail {

template <bool Traced>
    requires Traced
inline constexpr sentence says_equal = PARAMORPH_EQUAL;

}  // namespace detail
template <operand X, operand Y, detail::sentence Says = detail::says_equal<traced<X> || traced<Y>>>
    requires(traced<X> || traced<Y>)
constexpr auto operator==(X const& x, Y const& y) {
    using wrong = detail::mistake<Says>;
    using said [[maybe_unused]] = wrong::type;
    return detail::after_mistake(x, y);
}
template <operand X, operand Y, detail::sentence Says = detail::says_equal<traced<X> || traced<Y>>>
    requires(traced<X> || traced<Y>)
constexpr auto operator!=(X const& x, Y const& y) {
    using wrong = detail::mistake<Says>;
    using said [[maybe_unused]] = wrong::type;
    return detail::after_mistake(x, y);
}

#undef PARAMORPH_EQUAL

#define PARAMORPH_BITS                                                                                             \
    "&, |, ^, ~: conditions are numbers: write a * b for a & b, pm::maximum(a, b) for a | b, pm::not_equal(a, b) " \
    "for a ^ b, 1 - a for ~a; a power is pm::pow(x, 2)"
#define PARAMORPH_BIT_OPERATOR(operation)                                                              \
    template <operand X, operand Y, detail::sentence Says = detail::says_bits<traced<X> || traced<Y>>> \
        requires(traced<X> || traced<Y>)                                                               \
    constexpr std::conditional_t<traced<X>, X, Y> operator operation(X const&, Y const&) =             \
        PARAMORPH_REFUSED(PARAMORPH_BITS)
namespace detail {

template <bool Traced>
    requires Traced
inline constexpr sentence says_bits = PARAMORPH_BITS;

}  // namespace detail
PARAMORPH_BIT_OPERATOR(&);
PARAMORPH_BIT_OPERATOR(|);
PARAMORPH_BIT_OPERATOR(^);
template <traced X, detail::sentence Says = detail::says_bits<traced<X>>>
constexpr X operator~(X const&) = PARAMORPH_REFUSED(PARAMORPH_BITS);
#undef PARAMORPH_BIT_OPERATOR
#undef PARAMORPH_BITS

}  // namespace paramorph::inline PARAMORPH_ABI
