// elu(x, alpha): x above 0, else alpha (exp(x) - 1); elementwise, alpha a number, 1 where none is given. Adjoint: c
// above 0, else c alpha exp(x), which y + alpha of the result y would lose in its rounding. Cost: as 14 additions an
// element, in the loop that uses it; the gradient one exponential more. Source: torch.nn.functional.elu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct elu : elementwise<elu, 2> {
    static constexpr std::string_view name = "elu";
    static constexpr int cost = 14;
    static constexpr trend runs(double const* x) {
        double const alpha = x[1];
        return {alpha < 0 ? alpha : 0, alpha > 1 ? alpha : 1, alpha >= 0 && alpha <= 1};
    }
    using uses = ops<exp<>, greater, multiply, where>;
    template <class M, class V>
    static constexpr V value(V x, V alpha) {
        return M::where(x > V(0), x, alpha * M::expm1(M::where(x > V(0), V(0), x)));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const above = push<greater>(g, n.argument[0], append_constant(g, 0));
        int const below =
            push<multiply>(g, a.cotangent[0], push<multiply>(g, n.argument[1], push<exp<>>(g, n.argument[0])));
        a.of_argument[0] = push<where>(g, above, a.cotangent[0], below);
    }
};
}  // namespace op

template <traced X, number Alpha = double>
constexpr auto elu(X const& x, Alpha alpha = 1) {
    return apply_elementwise<op::elu>(x, alpha);
}

}  // namespace paramorph::inline PARAMORPH_ABI
