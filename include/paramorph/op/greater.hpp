// greater and equal: comparisons, elementwise; 1 where they hold, else 0 (and where an argument is NaN). No gradient
// flows through them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph {

namespace op {
struct greater : elementwise<greater, 2> {
    static constexpr std::string_view name = "greater";
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::select(x > y, V(1), V(0));
    }
};
struct equal : elementwise<equal, 2> {
    static constexpr std::string_view name = "equal";
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::select(x == y, V(1), V(0));
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator>(X const& x, Y const& y) {
    return apply_elementwise<op::greater>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator<(X const& x, Y const& y) {
    return apply_elementwise<op::greater>(y, x);
}

}  // namespace paramorph
