// rsqrt_or_zero: 1 / sqrt(x) above 0, and 0 at 0, NaN below; elementwise, at most 2 ulp. What scales a vector to length
// one from its squares' sum, and leaves zeros alone. Adjoint: -c y^3 / 2, from the result y: at 0 it is 0, where that
// of rsqrt is not finite. Cost: as 13 additions an element, in the loop that uses it; the gradient four products.
// Source: torch.rsqrt, but for 0.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/rsqrt.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct rsqrt_or_zero : elementwise<rsqrt_or_zero, 1> {
    static constexpr std::string_view name = "rsqrt_or_zero";
    static constexpr int cost = 13;
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::where_or_zero(!(x == V(0)), M::rsqrt(x));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) { rsqrt::derive(g, n, a); }
};
}  // namespace op

template <traced X>
constexpr auto rsqrt_or_zero(X const& x) {
    return apply_elementwise<op::rsqrt_or_zero>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
