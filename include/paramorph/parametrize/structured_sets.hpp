// The sets of matrices of which many elements are equal or zero; part of parametrize/sets.hpp, which says how to read
// them. Cost: membership takes one pass over the elements. Source: scipy.linalg.toeplitz, circulant, block_diag; Zaheer
// et al. 2017, "Deep sets", for permutation_equivariant.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>

#include "paramorph/parametrize/elementary_sets.hpp"

namespace paramorph::inline PARAMORPH_ABI::set {

// x_ij = x_(i + 1)(j + 1).
struct toeplitz {
    using within = list<real>;
    static constexpr std::string_view name = "toeplitz";
    static constexpr bool in_chart(int row, int column, int, int) { return row == 0 || column == 0; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::every_place(x, shape, tolerance, [](auto const& a, int i, int j, double allowed) {
            return i == 0 || j == 0 || membership::near(a(i, j), a(i - 1, j - 1), allowed);
        });
    }
};
// x square, x_ij = x_(i + 1)(j + 1), where an index of n is one of 0.
struct circulant {
    using within = list<toeplitz>;
    static constexpr std::string_view name = "circulant";
    static constexpr bool in_chart(int, int column, int, int) { return column == 0; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        if (!membership::is_square(shape)) return false;
        int const n = shape.from_end(0);
        return membership::every_place(x, shape, tolerance, [n](auto const& a, int i, int j, double allowed) {
            return membership::near(a(i, j), a((i + 1) % n, (j + 1) % n), allowed);
        });
    }
};
// x square of an order n that is a power of two, x_ij = x_(i xor j)0.
struct dyadic {
    using within = list<symmetric>;
    static constexpr std::string_view name = "dyadic";
    static constexpr bool in_chart(int, int column, int, int) { return column == 0; }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::is_square(shape) && std::has_single_bit(static_cast<unsigned>(shape.from_end(0))) &&
               membership::every_place(x, shape, tolerance, [](auto const& a, int i, int j, double allowed) {
                   return membership::near(a(i, j), a(i ^ j, 0), allowed);
               });
    }
};
template <class Set>
inline constexpr int diagonals_below = -1;
template <class Set>
inline constexpr int diagonals_above = -1;
template <int Below, int Above>
inline constexpr int diagonals_below<banded<Below, Above>> = Below;
template <int Below, int Above>
inline constexpr int diagonals_above<banded<Below, Above>> = Above;
// x_ij = 0 where j - i is not from -Below to Above.
template <int Below, int Above>
struct banded {
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<banded>();
    template <class B>
    static constexpr bool inside =
        (Below <= diagonals_below<B> && Above <= diagonals_above<B>) ||
        (Above == 0 && std::is_same_v<B, lower_triangular>) || (Below == 0 && std::is_same_v<B, upper_triangular>);
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::vanishes(x, shape, tolerance, [](int i, int j) { return j - i > Above || i - j > Below; });
    }
};
// x_ij = 0 outside of Count blocks of equal shape along the diagonal.
template <int Count>
struct block_diagonal {
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<block_diagonal>();
    static constexpr bool in_chart(int row, int column, int rows, int columns) {
        return row / (rows / Count) == column / (columns / Count);
    }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        if (shape.rank < 2 || shape.from_end(1) % Count != 0 || shape.from_end(0) % Count != 0) return false;
        int const rows = shape.from_end(1), columns = shape.from_end(0);
        return membership::vanishes(x, shape, tolerance, [=](int i, int j) { return !in_chart(i, j, rows, columns); });
    }
};

// Of Count x Count blocks of equal shape those of the diagonal are equal, and all others are.
template <int Count>
struct permutation_equivariant {
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<permutation_equivariant>();
    static constexpr bool in_chart(int row, int column, int rows, int columns) {
        return row < rows / Count && column < 2 * (columns / Count);
    }
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        if (shape.rank < 2 || shape.from_end(1) % Count != 0 || shape.from_end(0) % Count != 0) return false;
        int const p = shape.from_end(1) / Count, q = shape.from_end(0) / Count;
        return membership::every_place(x, shape, tolerance, [=](auto const& a, int i, int j, double allowed) {
            return membership::near(a(i, j), a(i % p, j % q + (i / p == j / q ? 0 : q)), allowed);
        });
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::set
