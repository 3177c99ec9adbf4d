// scale<Factor>: factor x, any shape; Factor is a number other than zero. right_inverse: y / factor. Grade: bijective.
// Errors: a factor of zero is the compiler's.
// Cost: nothing of its own; it is part of the loop of its neighbours.
// Source: torch.distributions.transforms.AffineTransform.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Factor>
struct scale {
    static_assert(Factor != 0, "scale: the factor must not be zero");
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) { return x * double(Factor); }
    static constexpr auto right_inverse(auto y) { return y * (1 / double(Factor)); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
