// sigmoid: 1 / (1 + exp(-x)), elementwise, relative accuracy in both tails. Adjoint: c (y - y^2), from the result y.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph {

namespace op {
struct sigmoid : elementwise<sigmoid, 1> {
    static constexpr std::string_view name = "sigmoid";
    using uses = ops<multiply, subtract>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::sigmoid(x);
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        int const slope = g.push<subtract>(n.first, g.push<multiply>(n.first, n.first));
        a.of_argument[0] = g.push<multiply>(a.cotangent[0], slope);
    }
};
}  // namespace op

template <traced X>
constexpr auto sigmoid(X const& x) {
    return apply_elementwise<op::sigmoid>(x);
}

}  // namespace paramorph
