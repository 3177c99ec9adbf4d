// sqrt: the square root, elementwise; NaN below 0. Adjoint: c / (2 sqrt(x)), infinite at 0. Cost: as 6 additions an
// element, in the loop that uses it; the gradient one product and one division. Source: torch.sqrt.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/divide.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct sqrt : elementwise<sqrt, 1> {
    static constexpr std::string_view name = "sqrt";
    static constexpr trend runs(double const*) { return {.least = 0, .concave = true}; }
    static constexpr int cost = 6;
    using uses = ops<divide, multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::sqrt(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<divide>(g, push<multiply>(g, a.cotangent[0], append_constant(g, 0.5)), n.first);
    }
};
}  // namespace op

template <traced X>
constexpr auto sqrt(X const& x) {
    return apply_elementwise<op::sqrt>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
