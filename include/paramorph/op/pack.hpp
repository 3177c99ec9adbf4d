// pack_upper<k>(x): the elements on and above diagonal k of a square matrix, row by row, as a vector; pack_lower<k>(x):
// those on and below it. unpack_upper<n, k>(v), unpack_lower<n, k>(v): the n x n matrix that has them there and zero
// elsewhere. Over the last two axes, or the last one.
//
//   pack_upper(x)      = (x_00, x_01, ..., x_0n, x_11, ...)
//   unpack_upper<n>(v) = ((v_0, v_1, ...), (0, v_n, ...), ...)
//
// Shapes: [..., n, n] -> [..., count] and back; count is n (n + 1) / 2 for k = 0, n (n - 1) / 2 without the diagonal.
// Each is the other's adjoint. pack(unpack(v)) is v, unpack(pack(x)) is a triangle of x: simplify knows both. Domain:
// every number; what stands in the other triangle is not read, not even where it is NaN. Errors: a matrix that is not
// square, a diagonal that it has not, a vector of another length are the compiler's. Cost: one copy, in runs of a row.
// Source: torch.triu_indices and torch.tril_indices, x[..., i, j].
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/triangle.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// The elements of an n x n matrix on one side of a diagonal, side 1 above it, -1 below.
struct packed_rows {
    int n, diagonal, side;
    constexpr int begin(int row) const noexcept {
        return side < 0 || row + diagonal < 0 ? 0 : row + diagonal < n ? row + diagonal : n;
    }
    constexpr int end(int row) const noexcept {
        return side > 0 || row + diagonal + 1 > n ? n : row + diagonal + 1 > 0 ? row + diagonal + 1 : 0;
    }
    constexpr int count() const noexcept {
        int total = 0;
        for (int i = 0; i < n; ++i) total += end(i) - begin(i);
        return total;
    }
    template <class T>
    constexpr void pack(T const* x, T* v) const noexcept {
        for (int i = 0; i < n; ++i)
            for (int j = begin(i); j < end(i); ++j) *v++ = x[i * n + j];
    }
    template <class T>
    constexpr void unpack(T const* v, T* x) const noexcept {
        for (int i = 0; i < n; ++i) {
            for (int j = 0; j < begin(i); ++j) x[i * n + j] = T(0);
            for (int j = begin(i); j < end(i); ++j) x[i * n + j] = *v++;
            for (int j = end(i); j < n; ++j) x[i * n + j] = T(0);
        }
    }
};

struct unpack_triangle;

// Attributes: the diagonal, the side.
struct pack_triangle : dense<pack_triangle, 1> {
    static constexpr std::string_view name = "pack_triangle";
    using uses = ops<unpack_triangle>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr packed_rows rows_of(extents const& matrix, attributes const& at) noexcept {
        return {matrix.from_end(0), at.v[0], at.v[1]};
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[--s.rank] = 0;
        s.d[s.rank - 1] = rows_of(a[0], at).count();
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        packed_rows const rows = rows_of(x.shape[0], x.attribute);
        int const matrix = rows.n * rows.n, count = rows.count();
        for (int k = 0; k < x.shape[0].size() / matrix; ++k)
            rows.pack(x.argument[0] + k * matrix, x.result[0] + k * count);
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const at{{n.attribute.v[0], n.attribute.v[1], g.shape_of(n.argument[0]).from_end(0)}};
        a.of_argument[0] = push_with<unpack_triangle>(g, at, a.cotangent[0]);
    }
    // What was unpacked the same way is what it was.
    static constexpr int rewrite(auto& g, node const& n) {
        node const& inner = g.producer_of(n.argument[0]);
        bool const same = inner.operation->id == id_of<unpack_triangle> && inner.attribute.v[0] == n.attribute.v[0] &&
                          inner.attribute.v[1] == n.attribute.v[1];
        return same ? inner.argument[0] : -1;
    }
};

// Attributes: the diagonal, the side, n.
struct unpack_triangle : dense<unpack_triangle, 1> {
    static constexpr std::string_view name = "unpack_triangle";
    using uses = ops<pack_triangle, triangle>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[s.rank - 1] = s.d[s.rank] = at.v[2];
        ++s.rank;
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        packed_rows const rows{x.attribute.v[2], x.attribute.v[0], x.attribute.v[1]};
        int const matrix = rows.n * rows.n, count = rows.count();
        for (int k = 0; k < x.shape[0].size() / count; ++k)
            rows.unpack(x.argument[0] + k * count, x.result[0] + k * matrix);
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] =
            push_with<pack_triangle>(g, attributes{{n.attribute.v[0], n.attribute.v[1]}}, a.cotangent[0]);
    }
    // What was packed the same way is a triangle again.
    static constexpr int rewrite(auto& g, node const& n) {
        node const inner = g.producer_of(n.argument[0]);
        attributes const side{{n.attribute.v[0], n.attribute.v[1]}};
        if (inner.operation->id != id_of<pack_triangle> || !(inner.attribute == side)) return -1;
        return push_with<triangle>(g, side, inner.argument[0]);
    }
};

}  // namespace op

namespace detail {

template <int Diagonal, int Side, class X>
constexpr auto pack(X const& x) {
    constexpr extents s = extents_of<X>;
    if constexpr (!is_square<"pack_upper, pack_lower", X, true>())
        return after_mistake(x);
    else if constexpr (Diagonal >= s.from_end(0) || -Diagonal >= s.from_end(0)) {
        using wrong =
            mistake<sentence("pack_upper, pack_lower: a matrix ", s, " has the diagonals ", 1 - s.from_end(0), " to ",
                             s.from_end(0) - 1, ", and ", Diagonal, " is asked for; the main one is 0")>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x);
    } else
        return apply<op::pack_triangle, attributes{{Diagonal, Side}}>(x);
}

template <int N, int Diagonal, int Side, class X>
constexpr auto unpack(X const& x) {
    constexpr extents s = extents_of<X>;
    if constexpr (N <= 0 || Diagonal >= N || -Diagonal >= N) {
        using wrong = mistake<sentence("unpack_upper, unpack_lower: a matrix ", N, " x ", N, " has the diagonals ",
                                       1 - N, " to ", N - 1, ", and ", Diagonal, " is asked for; the main one is 0")>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x);
    } else if constexpr (s.rank < 1 || s.rank >= max_rank) {
        using wrong =
            mistake<sentence("unpack_upper, unpack_lower: the argument must be a vector (rank 1 to 3): it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x);
    } else if constexpr (constexpr int count = op::packed_rows{N, Diagonal, Side}.count(); count != s.from_end(0)) {
        using wrong = mistake<sentence("unpack_upper, unpack_lower: that triangle of ", N, " x ", N, " has ", count,
                                       " numbers; the vector is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x);
    } else
        return apply<op::unpack_triangle, attributes{{Diagonal, Side, N}}>(x);
}

}  // namespace detail

template <int Diagonal = 0, traced X>
constexpr auto pack_upper(X const& x) {
    return detail::pack<Diagonal, 1>(x);
}
template <int Diagonal = 0, traced X>
constexpr auto pack_lower(X const& x) {
    return detail::pack<Diagonal, -1>(x);
}
template <int N, int Diagonal = 0, traced X>
constexpr auto unpack_upper(X const& x) {
    return detail::unpack<N, Diagonal, 1>(x);
}
template <int N, int Diagonal = 0, traced X>
constexpr auto unpack_lower(X const& x) {
    return detail::unpack<N, Diagonal, -1>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
