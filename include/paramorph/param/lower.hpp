// lower<Low>: low + exp(x), any shape. Low is a number, an integer or floating-point; with lower<per_element> each
// element has its own, which is state, `low`, and begins at 0; where it is -inf there is none: the value is x, as in
// Stan. right_inverse: log(y - low). Grade: bijective, on the
// numbers greater than Low; with state on_image, as the set is not in the type. Every value is finite and at least Low,
// as a number: where exp(x) is lost in the sum the value is Low itself, or the number of the element type next to it
// inside, which cannot be assigned again. log_abs_det: the sum of x, exact where the value has rounded, with respect to
// the elements; with state it takes that too: pm::log_abs_det<lower<per_element>>(x, low). Errors:
// assigning a number that does not exceed Low. Cost: one pass over memory. Source: Stan Reference Manual, Lower bounded
// scalar.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/param/one_sided.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Low>
struct lower {
    using codomain = set::at_least<Low>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        using T = typename decltype(x)::value_type;
        return detail::from_bound<true>(x, double(Low), paramorph::detail::not_below<T>(double(Low)));
    }
    static constexpr auto right_inverse(auto a) { return detail::to_bound<true>(a, double(Low)); }
    static constexpr auto log_abs_det(auto x) { return sum(x); }
};
template <>
struct lower<per_element> : detail::of_each_element<true, "low"> {
    static constexpr auto inverse = grade::on_image;
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
