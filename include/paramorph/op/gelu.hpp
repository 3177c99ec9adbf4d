// gelu: x normal_cdf(x), the exact one, elementwise, relative accuracy in the left tail; -0 at -infinity (PyTorch:
// NaN). Accuracy: within 4 ulp in kernels, 2 in the interpreter, over the whole domain; `gelu<pm::fast>(x)` has the
// relative error of kernel/math/fast.hpp. Adjoint: c (normal_cdf(x) + x exp(-x^2 / 2) / sqrt(2 pi)). Cost: as 36
// additions an element (fast: 16), in the loop that uses it; the gradient one exponential and one normal_cdf more.
// Source: torch.nn.functional.gelu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/normal_cdf.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <precision P = accurate>
struct gelu : elementwise<gelu<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast gelu" : "gelu";
    static constexpr trend runs(double const*) { return {.least = -0.12890415, .most = 1.12890415}; }
    static constexpr int cost = P == fast ? 16 : 36;
    using uses = ops<add, exp<P>, multiply, normal_cdf<P>, where>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::gelu(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const x = n.argument[0];
        int const density = normal_cdf<P>::density(g, x);
        int const bend =
            push<where>(g, density, push<multiply>(g, x, density), append_constant(g, 0));  // at infinity too
        int const slope = push<add>(g, bend, push<normal_cdf<P>>(g, x));
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], slope);
    }
};
}  // namespace op

template <precision P = accurate, traced X>
constexpr auto gelu(X const& x) {
    return apply_elementwise<op::gelu<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
