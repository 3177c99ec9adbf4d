// expm1: exp(x) - 1, elementwise, accurate near 0; infinite from where exp(x) does not fit (x above 88.7 in float).
// Accuracy: within 4 ulp in kernels, 2 in the interpreter, over the whole domain. Adjoint: c exp(x). Cost: as 12
// additions an element, in the loop that uses it; the gradient one exponential and one product. Source: torch.expm1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct expm1 : elementwise<expm1, 1> {
    static constexpr std::string_view name = "expm1";
    static constexpr trend runs(double const*) { return {.least = 0, .convex = true}; }
    static constexpr int cost = 12;
    using uses = ops<exp<>, multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::expm1(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<exp<>>(g, n.argument[0]));
    }
};
}  // namespace op

template <traced X>
constexpr auto expm1(X const& x) {
    return apply_elementwise<op::expm1>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
