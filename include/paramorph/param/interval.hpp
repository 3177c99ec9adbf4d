// interval<Low, High>: low + (high - low) sigmoid(x), any shape. Low and High are numbers, integers or floating-point;
// with interval<per_element, per_element> each element has its own, which are state, `low` and `high`, begin at 0 and
// 1, must be in order and no further apart than the largest number; where one is infinite it is no bound, and the value
// is that of lower, of upper, or x, as in Stan; grade: on_image, as the set is not in the type. right_inverse: the
// logit of (y - low) / (high - low). Grade: bijective, on the open interval. Every value is within the closed one, also
// where the sigmoid rounds to 0 or 1 and the ends differ much in magnitude: low <= y <= high holds of the numbers
// themselves, so that an end that the element type does not have (0.3 in float) is reached to the number next to it
// inside. log_abs_det: the sum of log(high - low) - softplus(x)
// - softplus(-x), which keeps what the value loses near the ends, with respect to the elements; with state it takes
// that too: pm::log_abs_det<interval<per_element, per_element>>(x, low, high). Errors: assigning a number that does not
// lie strictly between. Cost: one pass over memory. Source: Stan Reference Manual, Lower and upper bounded scalar
// (lower_upper).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/neighbours.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/one_sided.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

constexpr auto between(auto a, auto low, auto high) {
    return require(require(a, a > low, "interval: every element assigned must exceed the lower end"), a < high,
                   "interval: every element assigned must be less than the upper end");
}
constexpr auto to_ends(auto inside, auto low, auto high) {
    return log((inside - low) / (high - inside));
}

}  // namespace detail

template <auto Low, auto High>
struct interval {
    using codomain = set::interval<Low, (Low < High ? High : Low)>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        using T = typename decltype(x)::value_type;
        constexpr double low = paramorph::detail::not_below<T>(double(Low)),
                         high = paramorph::detail::not_above<T>(double(High));
        constexpr double width = double(High) - double(Low);
        static_assert(low <= high || !(Low < High),
                      "interval: no number of the tensor's element type lies between the ends");
        if constexpr (!(width <= double(std::numeric_limits<T>::max()))) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "interval: the ends are further apart than the largest number of the tensor's element type: ",
                double(Low), " and ", double(High))>;
            using said [[maybe_unused]] = wrong::type;
            return x;
        } else
            return detail::bounded(sigmoid(x) * width + double(Low), low, low <= high ? high : low);
    }
    static constexpr auto right_inverse(auto a) {
        return detail::to_ends(detail::between(a, double(Low), double(High)), double(Low), double(High));
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr double of_width = math::log(double(High) - double(Low));
        return sum(of_width - softplus(x) - softplus(-x));
    }

  private:
    static constexpr bool in_order() {
        if constexpr (!(Low < High)) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "interval: the lower end must be less than the upper end: ", double(Low), " and ", double(High))>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(in_order());
};
template <>
struct interval<per_element, per_element> {
    template <class Shape>
    using state = states<paramorph::state<"low", Shape>, paramorph::state<"high", Shape>>;
    static constexpr auto inverse = grade::on_image;
    static constexpr bool projects = false;
    static constexpr auto forward(auto x, auto low, auto high) {
        return by_bounds(low, high, x, detail::from_bound<true>(x, low, low), detail::from_bound<false>(x, high, high),
                         detail::bounded(sigmoid(x) * (high - low) + low, low, high));
    }
    static constexpr auto right_inverse(auto a, auto low, auto high) {
        auto const inside = detail::between(a, low, high);
        return by_bounds(low, high, a, log(inside - low), log(high - inside), detail::to_ends(inside, low, high));
    }
    static constexpr auto log_abs_det(auto x, auto low, auto high) {
        return sum(by_bounds(low, high, 0.0, x, x, log(high - low) - softplus(x) - softplus(-x)));
    }
    static constexpr auto initial_state(auto, auto low, auto high) {
        return std::tuple{detail::filled_like(low, 0), detail::filled_like(high, 1)};
    }

  private:
    static constexpr auto by_bounds(auto low, auto high, auto free, auto above, auto below, auto between) {
        auto const no_low = detail::unbounded_below(low), no_high = detail::unbounded_above(high);
        return where(no_low, where(no_high, free, below), where(no_high, above, between));
    }
};
template <auto Number>
struct interval<per_element, Number> {
    static_assert(Number != Number,
                  "interval: both ends are numbers, or both are per_element; a number is an end of "
                  "each element when it is written into the state");
    static constexpr auto forward(auto x) { return x; }  // one mistake, one error
};
template <auto Number>
struct interval<Number, per_element> : interval<per_element, Number> {};
// Stan's name.
template <auto Low, auto High>
using lower_upper = interval<Low, High>;

}  // namespace paramorph::inline PARAMORPH_ABI::param
