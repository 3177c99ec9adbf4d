// rsqrt: 1 / sqrt(x), elementwise, at most 2 ulp; infinite at 0 with its sign, NaN below. Adjoint: -c y^3 / 2, from the
// result y. Cost: as 11 additions an element, in the loop that uses it; the gradient four products. Source:
// torch.rsqrt.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct rsqrt : elementwise<rsqrt, 1> {
    static constexpr std::string_view name = "rsqrt";
    static constexpr trend runs(double const*) { return {.most = 0, .convex = true}; }
    static constexpr int cost = 11;
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::rsqrt(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const square = push<multiply>(g, n.first, n.first);
        int const c = push<multiply>(g, a.cotangent[0], append_constant(g, -0.5));
        a.of_argument[0] = push<multiply>(g, push<multiply>(g, c, n.first), square);  // two products from y on
    }
};
}  // namespace op

template <traced X>
constexpr auto rsqrt(X const& x) {
    return apply_elementwise<op::rsqrt>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
