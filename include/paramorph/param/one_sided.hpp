// What lower and upper share: bound + exp(x), or bound - exp(x), for a bound that is a number of the type or a tensor
// of state; and `per_element`, which stands for such a tensor. Cost: one exponential an element, in the loop that uses
// it. Source: Stan Reference Manual, Lower bounded scalar, Upper bounded scalar.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/neighbours.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

// Instead of a bound: each element has its own, which is state of the tensor's shape.
struct per_element_bounds {};
inline constexpr per_element_bounds per_element{};

namespace detail {

// `bound` is a tensor, or a number of which `nearest` is the next one inside that the element type has.
template <bool Above>
constexpr auto from_bound(auto x, auto bound, auto nearest) {
    using limits = std::numeric_limits<typename decltype(x)::value_type>;
    if constexpr (Above)
        return bounded(exponential::forward(x) + bound, nearest, double(limits::max()));
    else
        return bounded(bound - exponential::forward(x), double(limits::lowest()), nearest);
}
template <bool Above>
constexpr auto to_bound(auto a, auto bound) {
    if constexpr (Above)
        return log(require(a, a > bound, "lower: every element assigned must exceed the bound") - bound);
    else
        return log(bound - require(a, a < bound, "upper: every element assigned must be less than the bound"));
}
// Where a bound below, or above, is infinite: there is none.
constexpr auto unbounded_below(auto low) {
    return low < double(std::numeric_limits<typename decltype(low)::value_type>::lowest());
}
constexpr auto unbounded_above(auto high) {
    return high > double(std::numeric_limits<typename decltype(high)::value_type>::max());
}
// With a bound of its own for each element.
template <bool Above, fixed_string Name>
struct of_each_element {
  private:
    static constexpr auto unbounded(auto bound) {
        if constexpr (Above)
            return unbounded_below(bound);
        else
            return unbounded_above(bound);
    }

  public:
    template <class Shape>
    using state = states<paramorph::state<Name, Shape>>;
    static constexpr bool projects = false;
    static constexpr auto forward(auto x, auto bound) {
        return where(unbounded(bound), x, from_bound<Above>(x, bound, bound));
    }
    static constexpr auto right_inverse(auto a, auto bound) {
        return where(unbounded(bound), a, to_bound<Above>(a, bound));
    }
    static constexpr auto log_abs_det(auto x, auto bound) { return sum(where(unbounded(bound), 0.0, x)); }
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI::param
