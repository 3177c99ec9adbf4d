// round(x): the nearest integer, elementwise; of two that are equally near the even one, as the machine rounds. -0 for
// numbers from -0.5 to -0; infinities and NaN stay. No gradient flows through it: for a straight-through one
// write `straight_through(round(x), x)`. Cost: about 8 operations an element, in the loop that uses it. Source:
// torch.round.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/length.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct round : elementwise<round, 1> {
    static constexpr std::string_view name = "round";
    static constexpr bool flat = true;
    // From there on all numbers are whole; so is a sum with it, and what is taken away again is exact.
    template <class M, class V>
    static constexpr V value(V x) {
        V const least_whole(sizeof(typename detail::lane<V>::type) == 4 ? 0x1p23 : 0x1p52);
        V const size = M::abs(x), rounded = (size + least_whole) - least_whole;
        V const with_sign = M::where(x < V(0), negated(rounded), rounded);
        return M::where(size < least_whole, M::where(with_sign == x, x, with_sign), x);
    }
};
}  // namespace op

template <traced X>
constexpr auto round(X const& x) {
    return apply_elementwise<op::round>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
