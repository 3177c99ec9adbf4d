// corr_matrix: l l^T, l = cholesky_factor_corr(y), [n (n - 1) / 2] -> [n, n]: the correlation matrices, whose diagonal
// is exactly 1. right_inverse: that of cholesky_factor_corr of the Cholesky factor. Grade: bijective. log_abs_det: to
// the strict lower triangle, the sum over i > j of -(n - j) log(cosh(y_ij)), j from 0. Where |y| is so large that
// rounding makes a correlation 1 (9 in float, 19 in double), the matrix is only semidefinite. Errors: assigning what is
// not positive definite. Cost: that of cholesky_factor_corr and one product; a Cholesky factorization to assign.
// Source: Stan Reference Manual, Correlation matrices.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/param/cholesky_factor_corr.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct corr_matrix {
    using codomain = set::correlation;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto v) {
        auto const l = cholesky_factor_corr::forward(v);
        if constexpr (decltype(v)::rank == 1) {
            constexpr auto eye = identity<extents_of<decltype(l)>.d[0]>();
            return where(eye, 1.0, detail::bounded(matmul(l, transpose(l)), -1, 1));
        } else
            return l;
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (detail::has_correlations<"corr_matrix", decltype(a)>())
            return cholesky_factor_corr::right_inverse(
                paramorph::detail::cholesky_or<"corr_matrix: the matrix assigned is not positive definite">(a));
        else
            return a;
    }
    static constexpr auto log_abs_det(auto v) {
        // The sums up to each of n columns count column j for n - j of them.
        return -sum(cumsum<0>(sum<0>(detail::strict_triangle_of(detail::log_cosh(v)))));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
