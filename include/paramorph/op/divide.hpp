// divide: x / y, elementwise with broadcasting. Adjoints: c / y and -(c / y) (x / y). `x / 1` is x. Cost: as 5
// additions an element, in the loop that uses it; the gradient one division, and for y a product and a sign. Source:
// torch.div.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct divide : elementwise<divide, 2> {
    static constexpr std::string_view name = "divide";
    static constexpr int cost = 5;
    using uses = ops<divide, multiply, negate>;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return x / y;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const c = push<divide>(g, a.cotangent[0], n.argument[1]);
        a.of_argument[0] = c;
        a.of_argument[1] = push<negate>(g, push<multiply>(g, c, n.first));
    }
    static constexpr folded fold(known const* k) {
        return k[1].constant && k[1].number == 1 ? folded{folded::argument, 0} : folded{};
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator/(X const& x, Y const& y) {
    return apply_elementwise<op::divide>(x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
