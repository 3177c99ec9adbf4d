// bounded(x, low, high): x within [low, high], elementwise, for a value that lies there but for rounding. Adjoint: the
// cotangent, unchanged: the slope is that of x. NaN stays NaN. Cost: two choices an element, in the loop that uses it;
// none for the gradient. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct bounded : elementwise<bounded, 3> {
    static constexpr std::string_view name = "bounded";
    template <class M, class V>
    static constexpr V value(V x, V low, V high) {
        return M::where(x < low, low, M::where(x > high, high, x));
    }
    static constexpr void derive(auto&, node const&, adjoint& a) { a.of_argument[0] = a.cotangent[0]; }
};
}  // namespace op

namespace param::detail {

constexpr auto bounded(traced auto const& x, operand auto const& low, operand auto const& high) {
    return apply_elementwise<op::bounded>(x, low, high);
}
// To where numbers of the element type are positive and finite.
template <traced X>
constexpr auto positive_and_finite(X const& x) {
    using limits = std::numeric_limits<typename X::value_type>;
    return bounded(x, double(limits::denorm_min()), double(limits::max()));
}

}  // namespace param::detail

}  // namespace paramorph::inline PARAMORPH_ABI
