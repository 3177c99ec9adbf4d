// toeplitz_matrix<m>: y_ij = x_(j - i + m - 1), [m + n - 1] -> [m, n]: constant diagonals, the lowest one first.
// circulant_matrix: y_ij = x_((i - j) mod n), [n] -> [n, n]: the first column, turned on by one in each next one.
// block_diagonal<Count>: y = x_k in the k-th block of the diagonal and 0 elsewhere, [c, m / c, n / c] -> [m, n].
// banded<Below, Above>: x where -Below <= j - i <= Above and 0 elsewhere, [m, n] -> [m, n].
// kronecker<p, q>: y_(i r + k, j s + l) = a_ij b_kl, [p, q] and [r, s] -> [p r, q s].
// diagonal_matrix: y_ii = x_i and 0 elsewhere, [n] -> [n, n].
// permutation_equivariant<Count>: y = x_0 in the blocks of the diagonal and x_1 in all others, [2, m / c, n / c] -> [m,
// n]: the layers of Count elements that do to permuted elements what they did before, permuted.
//
// right_inverse: what the first row and column, the first column, the blocks, the diagonal or the band hold, whatever
// the rest is; of a matrix for kronecker, the nearest product, whose factors share the largest singular value of its
// rearrangement. Grade: bijective, but right for banded, on_image for kronecker. log_abs_det where it is bijective: 0,
// to the numbers that right_inverse reads. Errors: extents that do not divide; assigning another matrix. Cost: one pass
// over memory; assigning to kronecker, an svd. Source: scipy.linalg.toeplitz, scipy.linalg.circulant, torch.block_diag,
// torch.kron, torch.diag; Van Loan and Pitsianis 1993, "Approximation with Kronecker products"; Zaheer et al. 2017,
// "Deep sets", equation 4, whose lambda is x_0 - x_1 and whose gamma is x_1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/stack.hpp"
#include "paramorph/op/toeplitz.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/low_rank.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// 1 in the blocks of the diagonal, and 0 elsewhere: [Count, 1, Count, 1], in the shape that broadcasts with blocks.
// `one` is any [1] of the program.
template <int Count>
constexpr auto diagonal_of_blocks(auto one) {
    auto const ones = broadcast_to<shape<Count>>(filled_like(one, 1));
    return reshape<shape<Count, 1, Count, 1>>(from_diagonal(ones));
}
// Is this the shape of a matrix of Count x Count blocks?
template <fixed_string Who, int Count, traced Y>
constexpr bool has_blocks() {
    constexpr extents e = extents_of<Y>;
    constexpr bool fits = e.rank == 2 && e.d[0] % Count == 0 && e.d[1] % Count == 0;
    if constexpr (!fits) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": the tensor must be a matrix whose extents are multiples of ", Count, ": it is ", e)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}

}  // namespace detail

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
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "toeplitz_matrix: the tensor must be a matrix of ", Rows, " rows: it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
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
            auto const same = detail::diagonal_of_blocks<Count>(slice<0, 0, 1>(reshape<shape<e.size()>>(x)));
            return reshape<shape<Count * e.d[1], Count * e.d[2]>>(where(same, unsqueeze<2>(x), 0.0));
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (detail::has_blocks<"block_diagonal", Count, decltype(y)>()) {
            constexpr int rows = extents_of<decltype(y)>.d[0] / Count, columns = extents_of<decltype(y)>.d[1] / Count;
            auto const blocks = permute<1, 3, 0, 2>(reshape<shape<Count, rows, Count, columns>>(y));
            return permute<2, 0, 1>(diagonal(blocks));
        } else
            return y;
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
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "kronecker: the tensor must be a matrix whose extents are multiples of those of the first factor, [",
                Rows, ", ", Columns, "]: it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
            return originals(y, y);
        } else {
            constexpr int rows = e.d[0] / Rows, columns = e.d[1] / Columns;
            auto const parts = permute<0, 2, 1, 3>(reshape<shape<Rows, rows, Columns, columns>>(y));
            auto [a, b] = low_rank<1>::right_inverse(reshape<shape<Rows * Columns, rows * columns>>(parts));
            return originals(reshape<shape<Rows, Columns>>(a), reshape<shape<rows, columns>>(b));
        }
    }
};

struct diagonal_matrix {
    using codomain = set::diagonal;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        if constexpr (decltype(x)::rank == 1)
            return from_diagonal(x);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (paramorph::detail::is_square<"diagonal_matrix", decltype(y)>())
            return diagonal(y);
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

template <int Count>
struct permutation_equivariant {
    static_assert(Count > 1, "permutation_equivariant: there must be at least two elements to permute");
    using codomain = set::permutation_equivariant<Count>;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 3 && e.d[0] == 2) {
            using block = shape<1, e.d[1], 1, e.d[2]>;
            auto const same = detail::diagonal_of_blocks<Count>(slice<0, 0, 1>(reshape<shape<e.size()>>(x)));
            return reshape<shape<Count * e.d[1], Count * e.d[2]>>(
                where(same, reshape<block>(slice<0, 0, 1>(x)), reshape<block>(slice<0, 1, 2>(x))));
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (Count > 1 && detail::has_blocks<"permutation_equivariant", Count, decltype(y)>()) {
            constexpr int rows = extents_of<decltype(y)>.d[0] / Count, columns = extents_of<decltype(y)>.d[1] / Count;
            auto const first = slice<0, 0, rows>(y);
            return stack<0>(slice<1, 0, columns>(first), slice<1, columns, 2 * columns>(first));
        } else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
