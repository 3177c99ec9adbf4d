// subtract: x - y, elementwise with broadcasting. Adjoint: the cotangent and its negative. `x - 0` is x. Cost: one
// operation an element, in the loop that uses it; the gradient one for y. Source: torch.sub.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct subtract : elementwise<subtract, 2> {
    static constexpr std::string_view name = "subtract";
    using uses = ops<negate>;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return x - y;
    }
    static constexpr double magnitude(double const* x) { return x[0] + x[1]; }
    static constexpr void derive(auto& g, node const&, adjoint& a) {
        a.of_argument[0] = a.cotangent[0];
        a.of_argument[1] = push<negate>(g, a.cotangent[0]);
    }
    static constexpr folded fold(known const* k) {
        return k[1].constant && k[1].number == 0 ? folded{folded::argument, 0} : folded{};
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator-(X const& x, Y const& y) {
    return apply_elementwise<op::subtract>(x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
