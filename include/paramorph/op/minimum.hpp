// minimum and maximum of x and y, elementwise with broadcasting; NaN where an argument is NaN. Adjoints: c to the
// argument that was taken, half of it to each where both are equal. Cost: one operation an element, in the loop that
// uses it; the gradient about five for each argument. Source: torch.minimum, torch.maximum.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
// What the smaller of x and y, which is x, passes on: c where x < y, c / 2 where they are equal; c where one of them is
// NaN. Where x is larger, nothing: that is chosen by `passed_by_smaller`.
struct smaller_part : elementwise<smaller_part, 3> {
    static constexpr std::string_view name = "smaller_part";
    using uses = ops<smaller_part>;
    template <class M, class V>
    static constexpr V value(V x, V y, V c) {
        return M::where(x == y, c * V(0.5), c);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[2] = push<smaller_part>(g, n.argument[0], n.argument[1], a.cotangent[0]);
    }
};
constexpr int passed_by_smaller(auto& g, int x, int y, int c) {
    return push<where>(g, push<greater>(g, x, y), append_constant(g, 0), push<smaller_part>(g, x, y, c));
}
struct minimum : elementwise<minimum, 2> {
    static constexpr std::string_view name = "minimum";
    using uses = ops<greater, smaller_part, where>;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::where(x < y, x, M::where(x == x, y, x));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = passed_by_smaller(g, n.argument[0], n.argument[1], a.cotangent[0]);
        a.of_argument[1] = passed_by_smaller(g, n.argument[1], n.argument[0], a.cotangent[0]);
    }
};
struct maximum : elementwise<maximum, 2> {
    static constexpr std::string_view name = "maximum";
    using uses = ops<greater, smaller_part, where>;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return M::where(x > y, x, M::where(x == x, y, x));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = passed_by_smaller(g, n.argument[1], n.argument[0], a.cotangent[0]);
        a.of_argument[1] = passed_by_smaller(g, n.argument[0], n.argument[1], a.cotangent[0]);
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto minimum(X const& x, Y const& y) {
    return apply_elementwise<op::minimum>(x, y);
}
template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto maximum(X const& x, Y const& y) {
    return apply_elementwise<op::maximum>(x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
