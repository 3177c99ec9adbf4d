// log_softmax<axis>(x): x - log(sum(exp(x))) along an axis, shifted by the maximum so that nothing overflows.
// Adjoint: c - exp(y) sum(c), from the result y. Source: torch.nn.functional.log_softmax.
// Cost: three passes over the argument.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph {

namespace op {
struct log_softmax : dense<log_softmax, 1> {
    static constexpr std::string_view name = "log_softmax";
    using uses = ops<exp, sum, broadcast_to, unsqueeze, multiply, subtract>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        around const s(x.shape[0], x.attribute.v[0]);
        for (int o = 0; o < s.outer; ++o)
            for (int i = 0; i < s.inner; ++i) {
                int const base = o * s.count * s.inner + i;
                T const* a = x.argument[0] + base;
                T* r = x.result[0] + base;
                T largest = a[0], total = 0;
                for (int k = 1; k < s.count; ++k) largest = a[k * s.inner] > largest ? a[k * s.inner] : largest;
                for (int k = 0; k < s.count; ++k) total += M::exp(a[k * s.inner] - largest);
                T const shift = largest + M::log(total);
                for (int k = 0; k < s.count; ++k) r[k * s.inner] = a[k * s.inner] - shift;
            }
        return true;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        int const total = g.push_with<sum>(n.attribute, a.cotangent[0]);
        int const spread =
            g.push_with<broadcast_to>(attributes_of(g.shape_of(n.first)), g.push_with<unsqueeze>(n.attribute, total));
        a.of_argument[0] = g.push<subtract>(a.cotangent[0], g.push<multiply>(g.push<exp>(n.first), spread));
    }
};
}  // namespace op

template <int Axis = -1, traced X>
constexpr auto log_softmax(X const& x) {
    constexpr int axis = normal_axis(Axis, extents_of<X>.rank);
    static_assert(axis >= 0 && axis < extents_of<X>.rank, "log_softmax: the argument has no such axis");
    return apply<op::log_softmax, attributes{{axis}}>(x);
}

}  // namespace paramorph
