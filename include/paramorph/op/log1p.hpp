// log1p: log(1 + x), elementwise, accurate near 0; -infinity at -1, NaN below. Accuracy: within 4 ulp in kernels, 2 in
// the interpreter, over the whole domain. Adjoint: c / (1 + x). Cost: as 30 additions an element, in the loop that uses
// it; the gradient one addition and one division. Source: torch.log1p.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/divide.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct log1p : elementwise<log1p, 1> {
    static constexpr std::string_view name = "log1p";
    static constexpr trend runs(double const*) { return {.least = 0, .concave = true}; }
    static constexpr int cost = 30;
    using uses = ops<add, divide>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::log1p(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<divide>(g, a.cotangent[0], push<add>(g, n.argument[0], append_constant(g, 1)));
    }
};
}  // namespace op

template <traced X>
constexpr auto log1p(X const& x) {
    return apply_elementwise<op::log1p>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
