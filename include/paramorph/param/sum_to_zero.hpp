// sum_to_zero: h x with Helmert's orthonormal columns h, [..., n - 1] -> [..., n] along the last axis: rows of n
// numbers whose sum is 0. An isometry, so that all n numbers are alike and standard normal originals have the
// covariance I - 1 / n. right_inverse: its transpose. Grade: bijective. log_abs_det: 0, with respect to length, area
// ... in the plane of these rows (for the measure of the first n - 1 numbers add -log(n) / 2 a row). A row's sum is
// 0 within n epsilon of its largest number. Errors: assigning a row with another sum; a row of one number. Cost: one
// pass. Formula and source: param/helmert.hpp.
// sum_to_zero_matrix: h x h^T, [m - 1, n - 1] -> [m, n]: the matrices whose rows and columns sum to 0; all else is as
// of sum_to_zero, with respect to length in the space of these matrices (for the measure of the first m - 1 rows and n
// - 1 columns add -((n - 1) log(m) + (m - 1) log(n)) / 2). Source: Stan Reference Manual, Sum-to-zero matrix.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/transpose.hpp"
#include "paramorph/param/helmert.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct sum_to_zero {
    using codomain = set::sum_to_zero;
    static constexpr auto inverse = grade::bijective;
    // The nearest row whose sum is 0.
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank > 0)
            return detail::from_plane(x);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (detail::has_free_numbers<"sum_to_zero", decltype(y)>())
            return detail::to_plane(y);
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

struct sum_to_zero_matrix {
    using codomain = set::sum_to_zero_matrix;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 2)
            return transpose(detail::from_plane(transpose(detail::from_plane(x))));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (!detail::is_a_matrix<"sum_to_zero_matrix", decltype(y)>())
            return y;
        else if constexpr (detail::has_free_numbers<"sum_to_zero_matrix", decltype(y)>() &&
                           detail::has_free_numbers<"sum_to_zero_matrix", decltype(transpose(y))>())
            return transpose(detail::to_plane(transpose(detail::to_plane(y))));
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
