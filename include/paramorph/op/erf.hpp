// erf: the error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, elementwise; -1 and 1 at the
// infinities. Accuracy: within 4 ulp in kernels, 2 in the interpreter, over the whole domain. Adjoint: c 2 / sqrt(pi)
// exp(-x^2). Cost: as 27 additions an element, in the loop that uses it; the gradient one exponential and three
// products. Source: torch.erf.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"
#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct erf : elementwise<erf, 1> {
    static constexpr std::string_view name = "erf";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 1.1283791670955126}; }
    static constexpr int cost = 27;
    using uses = ops<exp<>, multiply, negate>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::erf(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const bell = push<exp<>>(g, push<negate>(g, push<multiply>(g, n.argument[0], n.argument[0])));
        int const slope = push<multiply>(g, bell, append_constant(g, 1.1283791670955126));
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], slope);
    }
};
}  // namespace op

template <traced X>
constexpr auto erf(X const& x) {
    return apply_elementwise<op::erf>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
