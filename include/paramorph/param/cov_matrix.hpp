// cov_matrix: l l^T, l = cholesky_factor_cov(x), [n (n + 1) / 2] -> [n, n]: the symmetric positive definite matrices.
// right_inverse: that of cholesky_factor_cov of the Cholesky factor. Grade: bijective. log_abs_det: to the lower
// triangle with the diagonal, n log(2) + the sum of (n - k + 1) x_kk, k from 0. Squares must fit: an x_kk beyond 44
// (354 in double) overflows, and below -51 (-372) underflows to a matrix that is only semidefinite; so does what
// rounding leaves of a condition beyond 1 / epsilon. Errors: assigning what is not positive definite. Cost: one
// product; a Cholesky factorization to assign. Source: Stan Reference Manual, Covariance matrices.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/param/cholesky_factor_cov.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct cov_matrix {
    using codomain = set::spd;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto v) {
        auto const l = cholesky_factor_cov::forward(v);
        if constexpr (decltype(v)::rank == 1)
            return matmul(l, transpose(l));
        else
            return l;
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (paramorph::detail::is_square<"cov_matrix", decltype(a)>())
            return cholesky_factor_cov::right_inverse(
                paramorph::detail::cholesky_or<"cov_matrix: the matrix assigned is not positive definite">(a));
        else
            return a;
    }
    static constexpr auto log_abs_det(auto v) {
        return detail::log_abs_det_of_square(diagonal(detail::lower_triangle_of(v)));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
