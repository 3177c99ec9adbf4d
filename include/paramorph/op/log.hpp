// log: the natural logarithm, elementwise; -infinity at 0, NaN below. Accuracy: within 4 ulp in kernels, 2 in the
// interpreter, over the whole domain. Adjoint: c / x. Cost: as 23 additions an element, in the loop that uses it; the
// gradient one division. Source: torch.log.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/divide.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct log : elementwise<log, 1> {
    static constexpr std::string_view name = "log";
    static constexpr trend runs(double const*) { return {.least = 0, .concave = true}; }
    static constexpr int cost = 23;
    using uses = ops<divide>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::log(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<divide>(g, a.cotangent[0], n.argument[0]);
    }
};
}  // namespace op

template <traced X>
constexpr auto log(X const& x) {
    return apply_elementwise<op::log>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
