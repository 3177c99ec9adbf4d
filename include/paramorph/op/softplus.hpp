// softplus: log(1 + exp(x)), elementwise, without overflow; 0 at -infinity. Accuracy: within 4 ulp in kernels, 2 in the
// interpreter, over the whole domain. Adjoint: c sigmoid(x); of `softplus<pm::fast>(x)` with a fast sigmoid. Cost: as
// 24 additions an element, in the loop that uses it; the gradient one sigmoid and one product. Source:
// torch.nn.functional.softplus with beta 1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/sigmoid.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <precision P = accurate>
struct softplus : elementwise<softplus<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast softplus" : "softplus";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 1, .convex = true}; }
    static constexpr int cost = 24;
    using uses = ops<multiply, sigmoid<P>>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::softplus(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<sigmoid<P>>(g, n.argument[0]));
    }
};
}  // namespace op

template <precision P = accurate, traced X>
constexpr auto softplus(X const& x) {
    return apply_elementwise<op::softplus<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
