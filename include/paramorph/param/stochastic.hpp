// row_stochastic: ilr_simplex of each row, [m, n - 1] -> [m, n]: the transition probabilities from each state.
// column_stochastic: ilr_simplex of each column, [m - 1, n] -> [m, n]. right_inverse, grade and log_abs_det are those
// of ilr_simplex, with respect to all but the last of each row, or of each column. Errors: those of ilr_simplex. Cost:
// that of ilr_simplex. Source: Stan Reference Manual, Stochastic matrix.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/transpose.hpp"
#include "paramorph/param/ilr_simplex.hpp"
#include "paramorph/param/matrix_shapes.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct row_stochastic : ilr_simplex {
    using codomain = set::row_stochastic;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 2)
            return ilr_simplex::forward(x);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (detail::is_a_matrix<"row_stochastic", decltype(y)>())
            return detail::undo_ilr<"row_stochastic: every number assigned must be greater than zero">(y);
        else
            return y;
    }
};

struct column_stochastic {
    using codomain = set::column_stochastic;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 2)
            return transpose(ilr_simplex::forward(transpose(x)));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (detail::is_a_matrix<"column_stochastic", decltype(y)>())
            return transpose(
                detail::undo_ilr<"column_stochastic: every number assigned must be greater than zero">(transpose(y)));
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return ilr_simplex::log_abs_det(transpose(x)); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
