// clamp(x, low, high): x within [low, high], elementwise, for numbers low <= high; NaN stays NaN. Adjoint: c within and
// on the bounds, and of NaN (PyTorch: 0), else 0. Errors: bounds in the wrong order, or one that is NaN, are the
// compiler's. Cost: two choices an element, in the loop that uses it; the gradient as many. Source: torch.clamp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct clamp : elementwise<clamp, 3> {
    static constexpr std::string_view name = "clamp";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 1}; }
    using uses = ops<greater, where>;
    template <class M, class V>
    static constexpr V value(V x, V low, V high) {
        return M::where(x < low, low, M::where(x > high, high, x));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const x = n.argument[0], zero = append_constant(g, 0);
        int const below = push<where>(g, push<greater>(g, x, n.argument[2]), zero, a.cotangent[0]);
        a.of_argument[0] = push<where>(g, push<greater>(g, n.argument[1], x), zero, below);
    }
};
}  // namespace op

namespace refused {
[[noreturn]] inline void clamp_takes_the_lower_bound_first() {
    say("paramorph: clamp takes the lower bound first");
}
}  // namespace refused

template <traced X, number Low, number High>
constexpr auto clamp(X const& x, Low low, High high) {
    if (!(static_cast<double>(low) <= static_cast<double>(high))) {
        ir::graph* const g = detail::as_operand(x).traced;
        if (!g || !g->bounds) refused::clamp_takes_the_lower_bound_first();
        if (!g->bounds->found) *g->bounds = {true, static_cast<double>(low), static_cast<double>(high)};
    }
    return apply_elementwise<op::clamp>(x, low, high);
}

}  // namespace paramorph::inline PARAMORPH_ABI
