// silu: x sigmoid(x), elementwise, one division, relative accuracy in the left tail; -0 at -infinity (PyTorch: NaN).
// Accuracy: within 4 ulp in kernels, 2 in the interpreter, over the whole domain; `silu<pm::fast>(x)` has the relative
// error of kernel/math/fast.hpp. Adjoint: c (s + y (1 - s)) with s = sigmoid(x), from the result y; y (1 - s) is 0
// where s is 1, at infinity too. Cost: as 13 additions an element (fast: 9), in the loop that uses it; the gradient one
// sigmoid more and five operations. Source: torch.nn.functional.silu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <precision P = accurate>
struct silu : elementwise<silu<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast silu" : "silu";
    static constexpr trend runs(double const*) { return {.least = -0.09983933, .most = 1.09983933}; }
    static constexpr int cost = P == fast ? 9 : 13;
    using uses = ops<add, multiply, sigmoid<P>, subtract, where>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::silu(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const s = push<sigmoid<P>>(g, n.argument[0]);
        int const left = push<subtract>(g, append_constant(g, 1), s);
        int const rest = push<where>(g, left, push<multiply>(g, n.first, left), append_constant(g, 0));
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<add>(g, s, rest));
    }
};
}  // namespace op

template <precision P = accurate, traced X>
constexpr auto silu(X const& x) {
    return apply_elementwise<op::silu<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
