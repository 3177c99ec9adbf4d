// positive_definite: u diag(softplus(s)) u^T, [n, n] -> [n, n]: the symmetric positive definite matrices.
// positive_semidefinite<r>: u diag(|s|) u^T, [n, n] -> [n, n]: the positive semidefinite matrices of rank r at most; of
// any rank without r. positive_semidefinite_fixed_rank<r>: u diag(softplus(s)) u^T, [n, n] -> [n, n]: those of rank
// exactly r. u [n, r] has orthonormal columns; the original holds n r - r (r - 1) / 2 numbers, as many as the set has
// dimensions, param/singular_values.hpp says where. (cov_matrix has packed originals and a log_abs_det.)
//
// Every value is symmetric to the bit. |s| has slope 1 at 0, so that an eigenvalue that is zero can grow again.
// right_inverse(a): the eigenvalues and -vectors of the symmetric part of a, the r largest; positive_semidefinite takes
// negative ones as 0, which makes the nearest matrix of the set of any. Grade: right. Errors: assigning to
// positive_definite or positive_semidefinite_fixed_rank where one of these eigenvalues is not positive beyond rounding.
// Cost: 4 n r^2 operations for u, one product; assigning, an eigh. Source: geotorch.PSD, PSSD, PSSDLowRank and
// PSSDFixedRank.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/param/positive.hpp"
#include "paramorph/param/singular_values.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

// Instead of a rank: as high as the matrix allows.
inline constexpr int any_rank = -1;

namespace detail {

struct absolute_eigenvalues {
    static constexpr auto forward(auto x) { return where(x < 0, -x, x); }
    static constexpr auto right_inverse(auto s) { return where(s < 0, 0.0, s); }
};
// Greater than zero; `BeyondRounding`, than what the decomposition of N x N numbers leaves of a zero.
template <bool BeyondRounding, int N>
struct positive_eigenvalues {
    static constexpr auto forward(auto x) { return positive::forward(x); }
    static constexpr auto right_inverse(auto s) {
        constexpr double epsilon = double(std::numeric_limits<typename decltype(s)::value_type>::epsilon());
        auto const least = slice<0, 0, 1>(s) * (BeyondRounding ? N * epsilon : 0.0);
        return positive::right_inverse(require(
            s, (s > least) * (s > 0),
            BeyondRounding ? "positive_semidefinite_fixed_rank: the matrix assigned has a lower rank, or is not "
                             "positive semidefinite"
                           : "positive_definite: the matrix assigned has an eigenvalue that is not greater than "
                             "zero"));
    }
};
template <fixed_string Who, int Rank, template <int> class Eigenvalues>
struct of_eigenvalues {
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        constexpr int k = Rank == any_rank ? e.d[0] : Rank;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1] && can_have_rank(k, e))
            return with_eigenvalues<k>(x, Eigenvalues<e.d[0]>::forward(leading_diagonal<k>(x)));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (paramorph::detail::is_square<Who, decltype(a)>()) {
            constexpr int n = extents_of<decltype(a)>.d[0], k = Rank == any_rank ? n : Rank;
            if constexpr (is_a_matrix_of_rank<Who, k, decltype(a)>())
                return from_eigenvalues<k>(a, [](auto s) { return Eigenvalues<n>::right_inverse(s); });
            else
                return a;
        } else
            return a;
    }
};
template <int>
using absolute_of = absolute_eigenvalues;
template <int N>
using positive_of = positive_eigenvalues<false, N>;
template <int N>
using positive_beyond_rounding = positive_eigenvalues<true, N>;

}  // namespace detail

struct positive_definite : detail::of_eigenvalues<"positive_definite", any_rank, detail::positive_of> {
    using codomain = set::spd;
};
template <int Rank = any_rank>
struct positive_semidefinite : detail::of_eigenvalues<"positive_semidefinite", Rank, detail::absolute_of> {
    using codomain = std::conditional_t<Rank == any_rank, set::positive_semidefinite,
                                        set::positive_semidefinite_rank_at_most<(Rank > 0 ? Rank : 1)>>;
    static constexpr bool projects = true;
};
template <int Rank>
struct positive_semidefinite_fixed_rank
    : detail::of_eigenvalues<"positive_semidefinite_fixed_rank", Rank, detail::positive_beyond_rounding> {
    using codomain = set::positive_semidefinite_of_rank<(Rank > 0 ? Rank : 1)>;
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
