// upper<High>: high - exp(x), any shape. High is a number, an integer or floating-point; with upper<per_element> each
// element has its own, which is state, `high`, and begins at 0; where it is inf there is none: the value is x, as in
// Stan. right_inverse: log(high - y). Grade: bijective, on the
// numbers less than High; with state on_image, as the set is not in the type. Every value is finite and at most High,
// as a number: where exp(x) is lost in the difference the value is High itself, or the number of the element type next
// to it inside, which cannot be assigned again. log_abs_det: the sum of x, exact where the value has rounded, with
// respect to the elements; with state it takes that too: pm::log_abs_det<upper<per_element>>(x, high). Errors:
// assigning a number that is not less than High. Cost: one pass over memory. Source: Stan Reference Manual, Upper
// bounded scalar.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/param/one_sided.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto High>
struct upper {
    using codomain = set::at_most<High>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        using T = typename decltype(x)::value_type;
        return detail::from_bound<false>(x, double(High), paramorph::detail::not_above<T>(double(High)));
    }
    static constexpr auto right_inverse(auto a) { return detail::to_bound<false>(a, double(High)); }
    static constexpr auto log_abs_det(auto x) { return sum(x); }
};
template <>
struct upper<per_element> : detail::of_each_element<false, "high"> {
    static constexpr auto inverse = grade::on_image;
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
