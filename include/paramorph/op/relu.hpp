// relu: max(x, 0), elementwise; NaN stays NaN. Adjoint: c where the result is positive or NaN, else 0. Cost: one
// operation an element, in the loop that uses it; the gradient one comparison and one choice. Source: torch.relu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct relu : elementwise<relu, 1> {
    static constexpr std::string_view name = "relu";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 1, .convex = true}; }
    using uses = ops<greater_equal, where>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::max(V(0), x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const zero = append_constant(g, 0);
        a.of_argument[0] = push<where>(g, push<greater_equal>(g, zero, n.first), zero, a.cotangent[0]);
    }
};
}  // namespace op

template <traced X>
constexpr auto relu(X const& x) {
    return apply_elementwise<op::relu>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
