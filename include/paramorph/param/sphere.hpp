// sphere<Radius>: Radius x / |x| along the last axis, any rank from 1 on: rows of the length Radius, a number, 1 where
// none is given. right_inverse is that of unit_norm, which sphere<1> is: any rows can be projected. Grade: right. There
// is no log_abs_det, because all lengths of x give one value. Errors: a radius that is not greater than 0 is the
// compiler's; a row without a direction as of unit_norm. Cost: two passes over memory. Source: geotorch.Sphere.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/param/unit_norm.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Radius = 1>
struct sphere {
    static_assert(double(Radius) > 0, "sphere: the radius must be greater than 0");
    using codomain = set::sphere<Radius>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) { return direction(x) * double(Radius); }
    static constexpr auto right_inverse(auto y) { return direction(y); }

  private:
    static constexpr auto direction(auto x) {
        if constexpr (decltype(x)::rank > 0)
            return detail::directions<"sphere: a row of the original is zero or not finite, and has no direction">(x);
        else
            return unit_norm::forward(x);  // says what is wrong
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
