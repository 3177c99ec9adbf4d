// cholesky_factor_cov: tril(x, -1) + diag(exp(diag(x))), [n (n + 1) / 2] -> [n, n]: the lower triangular matrices with
// a positive diagonal, from their triangle row by row (as torch.tril_indices). right_inverse: the logarithm of the
// diagonal, the rest as it is. Grade: bijective. The diagonal is positive and finite, as exponential is. log_abs_det:
// to the lower triangle, the sum of the x of the diagonal. Errors: assigning a matrix whose diagonal is not positive.
// Cost: one pass over memory. Source: Stan Reference Manual, Cholesky factors of covariance matrices (square ones).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/pack.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/param/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// The matrix whose lower triangle, with the diagonal or without it, is `count` numbers: its rows.
constexpr int rows_of_triangle(int count, bool with_diagonal) {
    int n = 1;
    while ((with_diagonal ? n * (n + 1) / 2 : n * (n - 1) / 2) < count) ++n;
    return n;
}
// A vector of n (n + 1) / 2 numbers as a matrix of n rows.
template <traced V>
constexpr auto lower_triangle_of(V const& v) {
    return unpack_lower<rows_of_triangle(extents_of<V>.from_end(0), true)>(v);
}
// Of l l^T, where d is the logarithm of the diagonal of l: log |det| from d and the elements of l below its diagonal.
template <traced D>
constexpr auto log_abs_det_of_square(D const& d) {
    // The sums up to each element add up to n - k times element k.
    return sum(cumsum<0>(d)) + sum(d) + extents_of<D>.size() * math::log(2);
}

}  // namespace detail

struct cholesky_factor_cov {
    using codomain = set::cholesky_factor;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto v) {
        if constexpr (decltype(v)::rank == 1) {
            auto const x = detail::lower_triangle_of(v);
            return tril<-1>(x) + from_diagonal(exponential::forward(diagonal(x)));
        } else
            return v;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto l) {
        if constexpr (paramorph::detail::is_square<"cholesky_factor_cov", decltype(l)>()) {
            auto const d = diagonal(l);
            auto const positive =
                require(d, d > 0, "cholesky_factor_cov: the diagonal assigned must be greater than zero");
            return pack_lower(tril<-1>(l) + from_diagonal(log(positive)));
        } else
            return l;
    }
    static constexpr auto log_abs_det(auto v) { return sum(diagonal(detail::lower_triangle_of(v))); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
