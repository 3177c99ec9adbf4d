// negate: -x, elementwise. Adjoint: -cotangent. Cost: one operation an element, in the loop that uses it; as much for
// the gradient. Source: torch.neg.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
// -x, of zeros too. xsimd takes x away from 0 on AVX-512, which has no sign to give then; compilers make one operation
// of the difference from -0.
template <class V>
[[gnu::always_inline]] constexpr V negated(V x) {
    if constexpr (requires { typename V::arch_type; })
        return V(-0.0f) - x;
    else
        return -x;
}

struct negate : elementwise<negate, 1> {
    static constexpr std::string_view name = "negate";
    static constexpr trend runs(double const*) { return {.least = -1, .most = -1, .convex = true, .concave = true}; }
    template <class M, class V>
    static constexpr V value(V x) {
        return negated(x);
    }
    static constexpr double magnitude(double const* x) { return x[0]; }
    static constexpr void derive(auto& g, node const&, adjoint& a) {
        a.of_argument[0] = push<negate>(g, a.cotangent[0]);
    }
    using uses = ops<negate>;
};
}  // namespace op

template <traced X>
constexpr auto operator-(X const& x) {
    return apply_elementwise<op::negate>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
