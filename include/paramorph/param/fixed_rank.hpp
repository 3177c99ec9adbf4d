// fixed_rank<r>: u diag(softplus(s)) v^T, [m, n] -> [m, n]: the matrices whose rank is exactly r; u [m, r] and v [n, r]
// have orthonormal columns. The original holds r (m + n - r) numbers, as many as the set has dimensions:
// param/singular_values.hpp says where. (low_rank<r> makes the matrices of rank r at most, as a product.)
//
// right_inverse(w): the singular value decomposition of w, its r largest singular values: the nearest matrix of rank r.
// Grade: right. No two singular values need differ: the gradient goes through u, s and v, not through a decomposition.
// Errors: assigning a matrix of lower rank, one whose r-th singular value is at most max(m, n) epsilon of the largest.
// Cost: 4 (m + n) r^2 operations for u and v, one product; assigning, an svd. Source: geotorch.FixedRank, whose u and v
// come out of matrix exponentials.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/param/positive.hpp"
#include "paramorph/param/singular_values.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Rank>
struct fixed_rank {
    using codomain = set::of_rank<(Rank > 0 ? Rank : 1)>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    template <class Shape>
    using state = detail::signs_state<Shape, (Rank > 0 ? Rank : 1)>;
    static constexpr auto forward(auto x, auto signs) {
        if constexpr (detail::can_have_rank(Rank, extents_of<decltype(x)>))
            return detail::with_singular_values<Rank>(x, positive::forward(detail::leading_diagonal<Rank>(x)) * signs);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto w, auto signs) {
        if constexpr (detail::is_a_matrix_of_rank<"fixed_rank", Rank, decltype(w)>()) {
            constexpr extents e = extents_of<decltype(w)>;
            constexpr double rounding = (e.d[0] > e.d[1] ? e.d[0] : e.d[1]) *
                                        double(std::numeric_limits<typename decltype(w)::value_type>::epsilon());
            return detail::from_singular_values<Rank>(w, [=](auto s, auto) {
                return positive::right_inverse(
                    require(s, s > slice<0, 0, 1>(s) * rounding, "fixed_rank: the matrix assigned has a lower rank"));
            });
        } else
            return updated(w, signs);
    }
    static constexpr auto initial_state(auto, auto noise) { return detail::ones(noise); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
