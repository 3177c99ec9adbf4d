// ilr_simplex: softmax(sum_to_zero(x)), [..., n - 1] -> [..., n] along the last axis: rows of positive numbers that
// sum to one, each from one original: the isometric log-ratio transform. param::simplex has n numbers for a row,
// which all can be shifted. right_inverse: the coordinates of log(y). Grade: bijective, on rows without zeros. The
// numbers of a row are at least 0 (exactly where one underflows) and their exact sum is within (n + 4) epsilon of 1.
// log_abs_det: to the first n - 1 numbers of each row, the sum of the logarithms of its n numbers plus log(n) / 2.
// Errors: assigning a number that is not positive; a row of one number. Cost: four passes over each row. Source:
// Stan Reference Manual, Unit simplex; Egozcue et al. 2003 (param/helmert.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/param/helmert.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// right_inverse, which fails with this sentence.
template <fixed_string Says>
constexpr auto undo_ilr(auto y) {
    if constexpr (has_free_numbers<"ilr_simplex", decltype(y)>())
        return to_plane(log(require(y, y > 0, Says.text)));
    else
        return y;
}

}  // namespace detail

struct ilr_simplex {
    using codomain = set::simplex;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank > 0)
            return softmax(detail::from_plane(x));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        return detail::undo_ilr<"ilr_simplex: every number assigned must be greater than zero">(y);
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr int n = extents_of<decltype(x)>.from_end(0) + 1, rows = extents_of<decltype(x)>.size() / (n - 1);
        constexpr double of_chart = 0.5 * rows * math::log(n);
        return sum(log_softmax(detail::from_plane(x))) + of_chart;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
