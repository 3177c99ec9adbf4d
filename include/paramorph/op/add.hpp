// add: x + y, elementwise with broadcasting. Adjoint: both arguments take the cotangent. `x + 0` is x. Cost: one
// operation an element, in the loop that uses it; its gradient none, or a sum along axes that were broadcast. Source:
// torch.add.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct add : elementwise<add, 2> {
    static constexpr std::string_view name = "add";
    static constexpr bool commutes = true;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return x + y;
    }
    static constexpr double magnitude(double const* x) { return x[0] + x[1]; }
    static constexpr void derive(graph&, node const&, adjoint& a) {
        a.of_argument[0] = a.of_argument[1] = a.cotangent[0];
    }
    static constexpr folded fold(known const* k) {
        if (k[0].constant && k[0].number == 0) return {folded::argument, 1};
        if (k[1].constant && k[1].number == 0) return {folded::argument, 0};
        return {};
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator+(X const& x, Y const& y) {
    return apply_elementwise<op::add>(x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
