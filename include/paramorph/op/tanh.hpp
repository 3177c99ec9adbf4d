// tanh: the hyperbolic tangent, elementwise; -1 and 1 at the infinities. Accuracy: within 4 ulp in kernels, 2 in the
// interpreter, over the whole domain; `tanh<pm::fast>(x)` has the relative error of kernel/math/fast.hpp. Adjoint: c (1
// - y^2), from the result y. Cost: as 14 additions an element (fast: 9), in the loop that uses it; the gradient three
// operations. Source: torch.tanh.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <precision P = accurate>
struct tanh : elementwise<tanh<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast tanh" : "tanh";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 1}; }
    static constexpr int cost = P == fast ? 9 : 14;
    using uses = ops<multiply, subtract>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::tanh(x);
    }
    static constexpr double magnitude(double const*) { return 1; }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const slope = push<subtract>(g, append_constant(g, 1), push<multiply>(g, n.first, n.first));
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], slope);
    }
};
}  // namespace op

template <precision P = accurate, traced X>
constexpr auto tanh(X const& x) {
    return apply_elementwise<op::tanh<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
