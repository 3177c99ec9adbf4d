// toeplitz_matrix<m>: y_ij = x_(j - i + m - 1), [m + n - 1] -> [m, n]: constant diagonals, the lowest one first.
// circulant_matrix: y_ij = x_((i - j) mod n), [n] -> [n, n]: the first column, turned on by one in each next one.
// block_diagonal<Count>: y = x_k in the k-th block of the diagonal and 0 elsewhere, [c, m / c, n / c] -> [m, n].
// banded<Below, Above>: x where -Below <= j - i <= Above and 0 elsewhere, [m, n] -> [m, n].
// kronecker<p, q>: y_(i r + k, j s + l) = a_ij b_kl, [p, q] and [r, s] -> [p r, q s].
//
// right_inverse: what the first row and column, the first column, the blocks or the band hold, whatever the rest is; of
// a matrix for kronecker, the nearest product, whose factors share the largest singular value of its rearrangement.
// Grade: bijective for the first three, right for banded, on_image for kronecker. log_abs_det of the first three: 0, to
// the numbers that right_inverse reads. Errors: extents that do not divide; assigning another matrix. Cost: one pass
// over memory; assigning to kronecker, an svd. Source: scipy.linalg.toeplitz, scipy.linalg.circulant, torch.block_diag,
// torch.kron; Van Loan and Pitsianis 1993, "Approximation with Kronecker products".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/toeplitz.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/low_rank.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Rows>
struct toeplitz_matrix {
    using codomain = set::toeplitz;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 1 && Rows > 0 && Rows <= extents_of<decltype(x)>.from_end(0))
            return toeplitz<Rows>(x);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        constexpr extents e = extents_of<decltype(y)>;
        if constexpr (e.rank != 2 || e.d[0] != Rows) {
            using wrong [[maybe_unused]] = paramorph::detail::mistake<paramorph::detail::sentence(
                "toeplitz_matrix: the tensor must be a matrix of ", Rows, " rows: it is ", e)>;
            return y;
        } else {
            auto const column = flip<0>(reshape<shape<Rows>>(slice<1, 0, 1>(y)));
            if constexpr (e.d[1] == 1)
                return column;
            else
                return concatenate<0>(column, reshape<shape<e.d[1] - 1>>(slice<1, 1, e.d[1]>(slice<0, 0, 1>(y))));
        }
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

struct circulant_matrix {
    using codomain = set::circulant;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 1)
            return circulant(x);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (paramorph::detail::is_square<"circulant_matrix", decltype(y)>())
            return reshape<shape<extents_of<decltype(y)>.d[0]>>(slice<1, 0, 1>(y));
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

template <int Count>
struct block_diagonal {
    static_assert(Count > 0, "block_diagonal: there must be at least one block");
    using codomain = set::block_diagonal<Count>;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 3 && e.d[0] == Count) {
            constexpr int rows = e.d[1], columns = e.d[2];
            auto const one = detail::filled_like(slice<2, 0, 1>(slice<1, 0, 1>(x)), 1);  // [Count, 1, 1]
            auto const same = reshape<shape<Count, 1, Count, 1>>(from_diagonal(reshape<shape<Count>>(one)));
            return reshape<shape<Count * rows, Count * columns>>(where(same, unsqueeze<2>(x), 0.0));
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        constexpr extents e = extents_of<decltype(y)>;
        if constexpr (e.rank != 2 || e.d[0] % Count != 0 || e.d[1] % Count != 0) {
            using wrong [[maybe_unused]] = paramorph::detail::mistake<paramorph::detail::sentence(
                "block_diagonal: the tensor must be a matrix whose extents are multiples of ", Count, ": it is ", e)>;
            return y;
        } else {
            constexpr int rows = e.d[0] / Count, columns = e.d[1] / Count;
            auto const blocks = permute<1, 3, 0, 2>(reshape<shape<Count, rows, Count, columns>>(y));
            return permute<2, 0, 1>(diagonal(blocks));
        }
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

template <int Below, int Above>
struct banded {
    static_assert(Below >= 0 && Above >= 0, "banded: numbers of diagonals are not negative");
    using codomain = set::banded<Below, Above>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 2)
            return triu<-Below>(tril<Above>(x));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        (void)detail::is_a_matrix<"banded", decltype(y)>();
        return forward(y);
    }
};

template <int Rows, int Columns>
struct kronecker {
    static_assert(Rows > 0 && Columns > 0, "kronecker: the first factor must have rows and columns");
    static constexpr auto inverse = grade::on_image;
    static constexpr bool projects = true;
    static constexpr auto forward(auto a, auto b) {
        constexpr extents p = extents_of<decltype(a)>, q = extents_of<decltype(b)>;
        if constexpr (p.rank == 2 && q.rank == 2)
            return reshape<shape<p.d[0] * q.d[0], p.d[1] * q.d[1]>>(reshape<shape<p.d[0], 1, p.d[1], 1>>(a) *
                                                                    reshape<shape<1, q.d[0], 1, q.d[1]>>(b));
        else
            return a;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        constexpr extents e = extents_of<decltype(y)>;
        if constexpr (e.rank != 2 || e.d[0] % Rows != 0 || e.d[1] % Columns != 0) {
            using wrong [[maybe_unused]] = paramorph::detail::mistake<paramorph::detail::sentence(
                "kronecker: the tensor must be a matrix whose extents are multiples of those of the first factor, [",
                Rows, ", ", Columns, "]: it is ", e)>;
            return originals(y, y);
        } else {
            constexpr int rows = e.d[0] / Rows, columns = e.d[1] / Columns;
            auto const parts = permute<0, 2, 1, 3>(reshape<shape<Rows, rows, Columns, columns>>(y));
            auto [a, b] = low_rank<1>::right_inverse(reshape<shape<Rows * Columns, rows * columns>>(parts));
            return originals(reshape<shape<Rows, Columns>>(a), reshape<shape<rows, columns>>(b));
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
