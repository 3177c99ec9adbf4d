// unit_norm: x / |x| along the last axis, any rank from 1 on; every row is a unit vector. right_inverse: the same,
// so that any rows can be projected. Grade: right, on tensors of unit rows. Errors: a row of zeros has no direction,
// nor one whose length or its reciprocal does not fit (below 2.9e-39 or above 3.4e38 in float): pm::error. Cost: two
// passes over memory, because of the check. Source: torch.nn.functional.normalize.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/param/axes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct unit_norm {
    using codomain = set::unit_rows;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        constexpr bool has_axis = decltype(x)::rank > 0;
        static_assert(has_axis, "unit_norm: the tensor must have at least one axis");
        if constexpr (has_axis)
            return directions(x);
        else
            return x;
    }
    static constexpr auto right_inverse(auto y) { return forward(y); }

  private:
    static constexpr auto directions(auto x) {
        auto const r = apply_elementwise<op::inverse_root_of_squares>(paramorph::detail::sum_of_squares<-1>(x));
        auto const inverse = unsqueeze<-1>(
            require(r, r > 0, "unit_norm: a row of the original is zero, or too small or large, and has no direction"));
        return apply_elementwise<op::along>(x, inverse, inverse);
    }
};

#if PARAMORPH_PROVE_CLAIMS
static_assert(parametrization<unit_norm, shape<2, 3>>);
static_assert(round_trips<unit_norm, shape<2, 3>>());
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::param
