// offset_multiplier<Offset, Multiplier>: offset + multiplier x, any shape. Both are numbers, integers or
// floating-point; Multiplier is greater than zero. right_inverse: (y - offset) / multiplier. Grade: bijective.
// log_abs_det: n log(multiplier) of n elements. Errors: a multiplier that is not greater than zero is the compiler's.
// Cost: one pass over memory. Source: Stan Reference Manual, Affinely transformed scalar.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
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

}  // namespace paramorph::inline PARAMORPH_ABI::param
