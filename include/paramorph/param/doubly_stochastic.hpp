// doubly_stochastic: exp(x_ij + u_i + v_j), x = sum_to_zero_matrix(x'), u and v such that rows and columns sum to one,
// [n - 1, n - 1] -> [n, n]: the positive doubly stochastic matrices, the inside of Birkhoff's polytope, whose corners
// are the permutations. u and v are found by Sinkhorn's sweeps and Newton's steps: param/sinkhorn.hpp says how. The
// gradient is that of the limit, not that of the steps.
//
// right_inverse: the coordinates of log(y). Grade: bijective, on matrices without zeros. Accuracy: each row and column
// sums to one within 2 (n + 8) epsilon. log_abs_det: to the elements of the first n - 1 rows and columns, the sum of
// log(y_ij) + (n - 1) log(n) - log det(I - z^T z), z the first n - 1 columns of y: near a permutation this and its
// gradient are as right as I - z^T z, which has an absolute error of n epsilon, and where it rounds to zero there is a
// pm::error, while the value and its own gradient lose nothing there. Errors: pm::error where the original is not
// finite or its numbers are further apart than 0.01 / epsilon (1e5 in float); assigning a number that is not positive,
// or sums that are not one; a matrix of one row. Cost: some ten times n^3 operations, as many for a gradient. Source:
// Birkhoff 1946; Sinkhorn 1964; Mena et al. 2018, "Learning latent permutations with Gumbel-Sinkhorn networks".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/determinant.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/param/sinkhorn.hpp"
#include "paramorph/param/sum_to_zero.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct doubly_stochastic {
    using codomain = set::doubly_stochastic;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1])
            return std::get<0>(detail::sinkhorn(sum_to_zero_matrix::forward(x)));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (paramorph::detail::is_square<"doubly_stochastic", decltype(y)>())
            return sum_to_zero_matrix::right_inverse(
                log(require(y, y > 0, "doubly_stochastic: every number assigned must be greater than zero")));
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr int n = extents_of<decltype(x)>.d[0] + 1;
        auto const [y, logarithms] = detail::sinkhorn(sum_to_zero_matrix::forward(x));
        auto const z = slice<1, 0, n - 1>(y);
        return logarithms + (n - 1) * math::log(double(n)) - logabsdet(identity<n - 1>() - matmul(transpose(z), z));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
