// detach(x): x, through which no gradient flows (torch.Tensor.detach). Cost: none.
//
// straight_through(y, x): y, elementwise, with the gradient of x: the cotangent goes to x unchanged, and none to y. For
// functions whose slope is 0 or nothing, as those that round. Source: Bengio et al. 2013, "Estimating or propagating
// gradients through stochastic neurons".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct detach : elementwise<detach, 1> {
    static constexpr std::string_view name = "detach";
    static constexpr bool flat = true;
    static constexpr trend runs(double const*) { return {.least = 1, .most = 1, .convex = true, .concave = true}; }
    static constexpr int cost = 0;
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
};
struct straight_through : elementwise<straight_through, 2> {
    static constexpr std::string_view name = "straight_through";
    static constexpr int cost = 0;
    template <class M, class V>
    static constexpr V value(V y, V) {
        return y;
    }
    static constexpr void derive(auto&, node const&, adjoint& a) { a.of_argument[1] = a.cotangent[0]; }
};
}  // namespace op

template <traced X>
constexpr auto detach(X const& x) {
    return apply_elementwise<op::detach>(x);
}
template <operand Y, traced X>
constexpr auto straight_through(Y const& y, X const& x) {
    return apply_elementwise<op::straight_through>(y, x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
