// unit_norm: x / |x| along the last axis, any rank from 1 on; every row is a unit vector. right_inverse: the same,
// so that any rows can be projected. Grade: right, on tensors of unit rows (Stan's unit_vector). There is no
// log_abs_det: all lengths of x give one value; who samples through x adds a density of the length, -sum(x^2) / 2 for
// uniform directions. Errors: a row of zeros has no direction,
// nor one that is not finite: pm::error. Rows of any other numbers are right, of 1e-45 and 3e38 too. Cost: two passes
// over memory, because of the check. Source: torch.nn.functional.normalize.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/param/axes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// Rows over their lengths; where one has none it fails with this sentence.
template <fixed_string Says>
constexpr auto directions(auto x) {
    auto const squares = paramorph::detail::sum_of_squares<-1>(x);
    auto const n = apply_elementwise<op::scaled_root>(squares);
    return apply_elementwise<op::over_length>(x, unsqueeze<-1>(apply_elementwise<op::scale_of_root>(squares)),
                                              unsqueeze<-1>(require(n, (n > 0) * equal(n * 0.0, 0.0), Says.text)));
}

}  // namespace detail

struct unit_norm {
    using codomain = set::unit_rows;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        constexpr bool has_axis = decltype(x)::rank > 0;
        static_assert(has_axis, "unit_norm: the tensor must have at least one axis");
        if constexpr (has_axis)
            return detail::directions<"unit_norm: a row of the original is zero or not finite, and has no direction">(
                x);
        else
            return x;
    }
    static constexpr auto right_inverse(auto y) { return forward(y); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
