// normal_cdf: the normal distribution function (1 + erf(x / sqrt 2)) / 2, elementwise, relative accuracy in the left
// tail; 0 and 1 at the infinities. Accuracy: within 4 ulp in kernels, 2 in the interpreter, over the whole domain;
// `normal_cdf<pm::fast>(x)` has the relative error of kernel/math/fast.hpp. Adjoint: c exp(-x^2 / 2) / sqrt(2 pi).
// Cost: as 38 additions an element (fast: 18), in the loop that uses it; the gradient one exponential and four
// products. Source: torch.special.ndtr.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <precision P = accurate>
struct normal_cdf : elementwise<normal_cdf<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast normal_cdf" : "normal_cdf";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 0.39894228040143271}; }
    static constexpr int cost = P == fast ? 18 : 38;
    using uses = ops<exp<P>, multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::normal_cdf(x);
    }
    static constexpr int density(auto& g, int x) {
        int const square = push<multiply>(g, push<multiply>(g, x, append_constant(g, -0.5)), x);
        return push<multiply>(g, push<exp<P>>(g, square), append_constant(g, 0.39894228040143268));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], density(g, n.argument[0]));
    }
};
}  // namespace op

template <precision P = accurate, traced X>
constexpr auto normal_cdf(X const& x) {
    return apply_elementwise<op::normal_cdf<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
