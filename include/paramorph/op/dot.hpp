// dot(x, y): the sum of the products of two vectors' elements, x[0] y[0] + ... + x[n - 1] y[n - 1].
//
// Shapes: [n], [n] -> []. Adjoints: c y and c x, fused with what uses them.
// Accuracy: the sum runs in several interleaved chains; error at most n epsilon sum |x_i| |y_i|.
// Cost: one pass over both arguments. Source: torch.dot.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"

namespace paramorph {

namespace op {
struct dot : dense<dot, 2> {
    static constexpr std::string_view name = "dot";
    using uses = ops<multiply>;
    static constexpr extents shape(extents const (&)[max_arguments], attributes, int) { return {}; }
    static constexpr double flops(graph const& g, node const& n) { return 2.0 * g.shape_of(n.argument[0]).size(); }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        T total = 0;
        for (int i = 0; i < x.shape[0].d[0]; ++i) total += x.argument[0][i] * x.argument[1][i];
        x.result[0][0] = total;
        return true;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        a.of_argument[0] = g.push<multiply>(a.cotangent[0], n.argument[1]);
        a.of_argument[1] = g.push<multiply>(a.cotangent[0], n.argument[0]);
    }
};
}  // namespace op

template <traced X, traced Y>
constexpr auto dot(X const& x, Y const& y) {
    constexpr bool fit = extents_of<X>.rank == 1 && extents_of<X> == extents_of<Y>;
    static_assert(fit, "dot: the arguments must be two vectors of one length; matmul takes matrices");
    if constexpr (fit) return apply<op::dot>(x, y);
}

}  // namespace paramorph
