// exp: the exponential, elementwise; infinite where it does not fit (x above 88.7 in float), 0 at -infinity. Accuracy:
// within 4 ulp in kernels, 2 in the interpreter, over the whole domain; `exp<pm::fast>(x)` has the relative error of
// kernel/math/fast.hpp. Adjoint: c exp(x), from the result. Cost: as 10 additions an element (fast: 6), in the loop
// that uses it; the gradient one product. Source: torch.exp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <precision P = accurate>
struct exp : elementwise<exp<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast exp" : "exp";
    static constexpr trend runs(double const*) { return {.least = 0, .convex = true}; }
    static constexpr int cost = P == fast ? 6 : 10;
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::exp(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], n.first);
    }
};
}  // namespace op

template <precision P = accurate, traced X>
constexpr auto exp(X const& x) {
    return apply_elementwise<op::exp<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
