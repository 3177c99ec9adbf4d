// sin and cos of x radians, elementwise, accurate for arguments of every size; NaN at infinities. Accuracy: within 4
// ulp in kernels, 2 in the interpreter, over the whole domain. They share a header, because each is the other's
// derivative. Adjoints: c cos(x) and -c sin(x). Cost: as 30 additions an element each, in the loop that uses it; the
// gradient the other of them and one product. Source: torch.sin, torch.cos.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct cos;
struct sin : elementwise<sin, 1> {
    static constexpr std::string_view name = "sin";
    static constexpr trend runs(double const*) { return {.least = -1, .most = 1}; }
    static constexpr int cost = 30;
    using uses = ops<cos, multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::sin(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<cos>(g, n.argument[0]));
    }
};
struct cos : elementwise<cos, 1> {
    static constexpr std::string_view name = "cos";
    static constexpr trend runs(double const*) { return {.least = -1, .most = 1}; }
    static constexpr int cost = 30;
    using uses = ops<multiply, negate, sin>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::cos(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<negate>(g, push<multiply>(g, a.cotangent[0], push<sin>(g, n.argument[0])));
    }
};
}  // namespace op

template <traced X>
constexpr auto sin(X const& x) {
    return apply_elementwise<op::sin>(x);
}

template <traced X>
constexpr auto cos(X const& x) {
    return apply_elementwise<op::cos>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
