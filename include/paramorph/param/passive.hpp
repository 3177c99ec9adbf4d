// passive: k + l l^T, k skew from x above its diagonal, l = tril(x, -1) + diag(exp(diag(x))), [n, n] -> [n, n]: the
// matrices with v^T y v > 0 for every v != 0, those whose symmetric part is positive definite: an impedance that takes
// energy and never gives any, a layer that is strictly monotone.
//
// right_inverse: the skew part above the diagonal, below it the Cholesky factor of the symmetric part, with the
// logarithm of its diagonal. Grade: bijective. log_abs_det: to all elements, n (n + 1) / 2 log(2) + the sum of (n - k +
// 1) x_kk, k from 0. Squares must fit, as in cov_matrix: an x_kk beyond 44 (354 in double) overflows, and below -51
// (-372) underflows to what is on the boundary only. Errors: assigning another matrix. Cost: one product; a Cholesky
// factorization to assign. Source: Desoer and Vidyasagar 1975, "Feedback systems: input-output properties".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/param/cholesky_factor_cov.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// right_inverse, which fails with this sentence.
template <fixed_string Says>
constexpr auto undo_passive(auto a) {
    auto const half = a * 0.5;
    auto const other = transpose(a) * 0.5;
    auto const l = paramorph::detail::cholesky_or<Says>(half + other);
    return triu<1>(half - other) + tril<-1>(l) + from_diagonal(log(diagonal(l)));
}

}  // namespace detail

struct passive {
    using codomain = set::passive;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1]) {
            auto const upper = triu<1>(x);
            auto const l = tril<-1>(x) + from_diagonal(exponential::forward(diagonal(x)));
            return upper - transpose(upper) + matmul(l, transpose(l));
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (paramorph::detail::is_square<"passive", decltype(a)>())
            return detail::undo_passive<"passive: the symmetric part of the matrix assigned is not positive definite">(
                a);
        else
            return a;
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr int n = extents_of<decltype(x)>.d[0];
        return detail::log_abs_det_of_square(diagonal(x)) + n * (n - 1) / 2 * math::log(2);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
