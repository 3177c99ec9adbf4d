// offset_multiplier<Offset, Multiplier>: offset + multiplier x, any shape. Both are numbers, integers or
// floating-point; Multiplier is greater than zero. With offset_multiplier<per_element, per_element> each element has
// its own, which are state, `offset` and `multiplier`, and begin at 0 and 1. right_inverse: (y - offset) / multiplier.
// Grade: bijective. log_abs_det: the sum of log(multiplier) over the elements, with respect to which it is; with state
// it takes that too: pm::log_abs_det<offset_multiplier<per_element, per_element>>(x, offset, multiplier). Errors: a
// multiplier that is not greater than zero is the compiler's; of state, that of an assignment. Cost: one pass over
// memory. Source: Stan Reference Manual, Affinely transformed scalar.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/one_sided.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Offset, auto Multiplier>
struct offset_multiplier {
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) { return x * double(Multiplier) + double(Offset); }
    static constexpr auto right_inverse(auto y) { return (y - double(Offset)) / double(Multiplier); }

  private:
    static constexpr bool is_positive() {
        if constexpr (!(Multiplier > 0)) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "offset_multiplier: the multiplier must be greater than zero: ", double(Multiplier))>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(is_positive());
};
template <>
struct offset_multiplier<per_element, per_element> {
    template <class Shape>
    using state = states<paramorph::state<"offset", Shape>, paramorph::state<"multiplier", Shape>>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x, auto offset, auto multiplier) { return x * multiplier + offset; }
    static constexpr auto right_inverse(auto y, auto offset, auto multiplier) {
        return (y - offset) /
               require(multiplier, multiplier > 0.0, "offset_multiplier: every multiplier must be greater than zero");
    }
    static constexpr auto log_abs_det(auto, auto, auto multiplier) { return sum(log(multiplier)); }
    static constexpr auto initial_state(auto, auto offset, auto multiplier) {
        return std::tuple{detail::filled_like(offset, 0), detail::filled_like(multiplier, 1)};
    }
};
template <auto Number>
struct offset_multiplier<per_element, Number> {
    static_assert(Number != Number,
                  "offset_multiplier: both are numbers, or both are per_element; a number is that of each element when "
                  "it is written into the state");
    static constexpr auto forward(auto x) { return x; }  // one mistake, one error
};
template <auto Number>
struct offset_multiplier<Number, per_element> : offset_multiplier<per_element, Number> {};

}  // namespace paramorph::inline PARAMORPH_ABI::param
