// where(condition, x, y): x where the condition is not zero, else y; elementwise with broadcasting. Adjoint: the
// cotangent goes to the argument that was taken, zero to the other; none to the condition. Zero also through operations
// that are infinitely steep there or not defined (graph/differentiate.hpp): where(x > 0, sqrt(x), x) has the gradient 1
// below zero, and where(y > 0, x / y, 0) the gradient 0 at y = 0 (PyTorch: NaN). Cost: one choice an element, in the
// loop that uses it; the gradient one for each of x and y. Source: torch.where.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct where : elementwise<where, 3> {
    static constexpr std::string_view name = "where";
    using uses = ops<where>;
    template <class M, class V>
    static constexpr V value(V condition, V x, V y) {
        return M::where(condition == V(0), y, x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const zero = append_constant(g, 0);
        a.of_argument[1] = push<where>(g, n.argument[0], a.cotangent[0], zero);
        a.of_argument[2] = push<where>(g, n.argument[0], zero, a.cotangent[0]);
    }
};
}  // namespace op

template <operand C, operand X, operand Y>
    requires(traced<C> || traced<X> || traced<Y>)
constexpr auto where(C const& condition, X const& x, Y const& y) {
    return apply_elementwise<op::where>(condition, x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
