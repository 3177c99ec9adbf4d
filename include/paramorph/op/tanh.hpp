// tanh: the hyperbolic tangent, elementwise. Adjoint: c (1 - y^2), from the result y.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph {

namespace op {
struct tanh : elementwise<tanh, 1> {
    static constexpr std::string_view name = "tanh";
    static constexpr int cost = 14;
    using uses = ops<multiply, subtract>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::tanh(x);
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        int const slope = g.push<subtract>(place_number(g, 1), g.push<multiply>(n.first, n.first));
        a.of_argument[0] = g.push<multiply>(a.cotangent[0], slope);
    }
};
}  // namespace op

template <traced X>
constexpr auto tanh(X const& x) {
    return apply_elementwise<op::tanh>(x);
}

}  // namespace paramorph
