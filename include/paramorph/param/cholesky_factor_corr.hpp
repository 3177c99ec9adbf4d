// cholesky_factor_corr: l_ij = tanh(y_ij) r_ij, l_ii = r_ii, r_ij = 1 / (cosh(y_i0) ... cosh(y_i,j-1)), [n (n - 1) / 2]
// -> [n, n]: the lower triangular matrices with unit rows and a positive diagonal, from the y_ij of the strict lower
// triangle row by row: z = tanh(y) are the canonical partial correlations. right_inverse: y_ij = asinh(l_ij / t), t the
// length of what follows l_ij in its row. Grade: bijective. Rows are unit vectors within n epsilon. The products are
// sums of logarithms of cosh(y), which lose nothing where tanh(y) rounds to 1: so the diagonal is what it is down to
// the least positive number, where it stays.
//
// log_abs_det: to the strict lower triangle of l, the sum over i > j of -(i - j + 1) log(cosh(y_ij)); for the measure
// of the correlations l l^T see corr_matrix. Errors: assigning a diagonal that is not positive, or rows that are no
// unit vectors; a row whose diagonal is below 1e-18 in float (1e-153 in double) comes back less exactly. Cost: a few
// passes over memory. Source: Stan Reference Manual, Cholesky factors of correlation matrices; Lewandowski, Kurowicka
// and Joe 2009.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/flip.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/param/cholesky_factor_cov.hpp"
#include "paramorph/param/log_cosh.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// A vector of n (n - 1) / 2 numbers as a matrix of n rows.
template <traced V>
constexpr auto strict_triangle_of(V const& v) {
    return unpack_lower<rows_of_triangle(extents_of<V>.from_end(0), false), -1>(v);
}
// Does a matrix of this type have a strict triangle?
template <fixed_string Who, traced Y>
constexpr bool has_correlations() {
    constexpr extents s = extents_of<Y>;
    constexpr bool large = s.rank == 2 && s.d[0] == s.d[1] && s.d[0] > 1;
    if constexpr (!large) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": the matrix must be square, of at least two rows: it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return large;
}

}  // namespace detail

struct cholesky_factor_corr {
    using codomain = set::correlation_factor;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto v) {
        if constexpr (decltype(v)::rank == 1) {
            auto const z = detail::strict_triangle_of(tanh(v));
            auto const lost_by = detail::strict_triangle_of(detail::log_cosh(v));
            constexpr int n = extents_of<decltype(z)>.d[0];
            // Of what stands before an element in its row.
            auto const lost = cumsum<1>(pad<1, 1, 0>(slice<1, 0, n - 1>(lost_by)));
            auto const rest = exp(-lost);
            return z * rest + from_diagonal(detail::positive_and_finite(diagonal(rest)));
        } else
            return v;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto l) {
        if constexpr (detail::has_correlations<"cholesky_factor_corr", decltype(l)>()) {
            constexpr int n = extents_of<decltype(l)>.d[0];
            auto const d = diagonal(l);
            auto const lower = tril(l);
            auto const least =
                require(d, d > 0, "cholesky_factor_corr: the diagonal assigned must be greater than zero");
            // Of each element the length of the row behind it, which is at least the diagonal, and from it on.
            auto const to_end = flip<1>(cumsum<1>(flip<1>(lower * lower)));
            auto const behind = maximum(sqrt(pad<1, 0, 1>(slice<1, 1, n>(to_end))), unsqueeze<1>(least));
            auto const size = abs(lower);
            auto const from = sqrt(lower * lower + behind * behind);
            // asinh(size / behind); of a quotient that may not fit, it is the logarithm of twice that
            auto const y = where(size > behind * 1e10, log(size + from) - log(behind),
                                 log1p((size + size * (size / (from + behind))) / behind));
            return pack_lower<-1>(where(lower < 0, -y, y));
        } else
            return l;
    }
    static constexpr auto log_abs_det(auto v) {
        // The sums up to each element of a row count element j of row i for i - j + 1 columns.
        return -sum(tril(cumsum<1>(detail::strict_triangle_of(detail::log_cosh(v)))));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
