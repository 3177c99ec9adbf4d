// abs: |x|, elementwise. Adjoint: c sign(x), 0 at 0 as in PyTorch.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/sign.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct abs : elementwise<abs, 1> {
    static constexpr std::string_view name = "abs";
    using uses = ops<multiply, sign>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::abs(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], push<sign>(g, n.argument[0]));
    }
};
}  // namespace op

template <traced X>
constexpr auto abs(X const& x) {
    return apply_elementwise<op::abs>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
