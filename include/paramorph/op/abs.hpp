// abs: |x|, elementwise; NaN stays NaN. Adjoint: c above 0, -c below, 0 at 0 as in PyTorch, also for an infinite c
// (PyTorch: NaN). Cost: one operation an element, in the loop that uses it; the gradient two choices. Source:
// torch.abs.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
// c with the sign of x; 0 at 0, NaN where x is.
struct signed_as : elementwise<signed_as, 2> {
    static constexpr std::string_view name = "signed_as";
    using uses = ops<signed_as>;
    template <class M, class V>
    static constexpr V value(V c, V x) {
        return M::where(x > V(0), c, M::where(x < V(0), negated(c), x));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<signed_as>(g, a.cotangent[0], n.argument[1]);
    }
};
struct abs : elementwise<abs, 1> {
    static constexpr std::string_view name = "abs";
    static constexpr trend runs(double const*) { return {.least = -1, .most = 1, .convex = true}; }
    using uses = ops<signed_as>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::abs(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<signed_as>(g, a.cotangent[0], n.argument[0]);
    }
};
}  // namespace op

template <traced X>
constexpr auto abs(X const& x) {
    return apply_elementwise<op::abs>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
