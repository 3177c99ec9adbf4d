// diagonal<k>(x): the k-th diagonal of a matrix as a vector; from_diagonal<k>(v): the square matrix that has v there
// and zero elsewhere. Over the last two axes, or the last one; k counts to the right of the main diagonal, to the left
// when negative.
//
//   diagonal<k>(x)[..., i]         = x[..., i + max(-k, 0), i + max(k, 0)]
//   from_diagonal<k>(v)[..., i, j] = v[..., i - max(-k, 0)] where j - i = k, else 0
//
// Shapes: [..., m, n] -> [..., length of the diagonal]; [..., n] -> [..., n + |k|, n + |k|]. Each is the other's
// adjoint. Domain: every number; what stands beside the diagonal is not read, not even where it is NaN. Errors: a
// vector in place of a matrix, a diagonal that the matrix has not, a result of more than 4 axes are the compiler's.
// Cost: diagonal is read where it is used, one strided load an element. from_diagonal is fused with what uses it and is
// known to be zero away from the diagonal; with k other than 0 its vector is first padded. Source: torch.diagonal,
// torch.diag_embed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/reduce.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

constexpr int diagonal_length(int rows, int columns, int k) {
    int const down = k < 0 ? rows + k : rows, right = k > 0 ? columns - k : columns;
    return down < right ? down : right;
}

// The elements of diagonal k at the columns where they stand.
constexpr int along_columns(auto& g, int v, int k, int columns) {
    int const axis = g.shape_of(v).rank - 1;
    return g.shape_of(v).d[axis] == columns ? v : push_with<pad>(g, attributes{{axis, k > 0 ? k : 0, columns}}, v);
}

// A vector [..., columns] as the rows of a matrix, of which one diagonal is to be read. Attributes: rows, the diagonal.
struct rows_of_diagonal : viewing<rows_of_diagonal> {
    static constexpr std::string_view name = "rows_of_diagonal";
    using uses = ops<struct diagonal, pad, sum>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[s.rank] = s.d[s.rank - 1];
        s.d[s.rank++ - 1] = at.v[0];
        return s;
    }
    static constexpr view_map view(auto const& g, node const& n) {
        view_map m;
        int const rank = g.shape_of(n.argument[0]).rank;
        for (int k = 0; k < rank; ++k) m.axis[k] = k + 1 < rank ? k : rank;
        return m;
    }
    // The sum of the cotangent's rows; where two triangles have left its diagonal only, that diagonal.
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        extents const s = g.shape_of(n.argument[0]);
        int const k = n.attribute.v[1], columns = s.d[s.rank - 1];
        bool above = false, below = false;
        for (int v = a.cotangent[0]; g.producer_of(v).operation->id == id_of<triangle>;
             v = g.producer_of(v).argument[0]) {
            attributes const& at = g.producer_of(v).attribute;
            (at.v[1] > 0 ? above : below) |= at.v[0] == k;
        }
        a.of_argument[0] = above && below
                               ? along_columns(g, push_with<diagonal>(g, attributes{{k}}, a.cotangent[0]), k, columns)
                               : push_with<sum>(g, attributes{{1 << (s.rank - 1)}}, a.cotangent[0]);
    }
};

// Attribute: the diagonal.
struct diagonal : viewing<diagonal> {
    static constexpr std::string_view name = "diagonal";
    using uses = ops<rows_of_diagonal, triangle, pad>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        int& length = s.d[--s.rank - 1];
        length = diagonal_length(length, s.d[s.rank], at.v[0]);
        s.d[s.rank] = 0;
        return s;
    }
    static constexpr view_map view(auto const& g, node const& n) {
        int const last = g.shape_of(n.argument[0]).rank - 1, k = n.attribute.v[0];
        view_map m{{0, 1, 2, 3}, {}};
        m.axis[last] = last - 1;
        m.offset[last - 1] = k < 0 ? -k : 0;
        m.offset[last] = k > 0 ? k : 0;
        return m;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        extents const s = g.shape_of(n.argument[0]);
        int const k = n.attribute.v[0], rows = s.d[s.rank - 2];
        int const on_rows =
            push_with<rows_of_diagonal>(g, attributes{{rows, k}}, along_columns(g, a.cotangent[0], k, s.d[s.rank - 1]));
        a.of_argument[0] =
            push_with<triangle>(g, attributes{{k, 1}}, push_with<triangle>(g, attributes{{k, -1}}, on_rows));
    }
    // Triangles that keep the diagonal do not matter.
    static constexpr int rewrite(auto& g, node const& n) {
        int v = n.argument[0];
        for (;;) {
            node const& p = g.producer_of(v);
            if (p.operation->id != id_of<triangle> || p.attribute.v[1] * (n.attribute.v[0] - p.attribute.v[0]) < 0)
                break;
            v = p.argument[0];
        }
        return v != n.argument[0] ? push_with<diagonal>(g, n.attribute, v) : -1;
    }
};

}  // namespace op

template <int Diagonal = 0, traced X>
constexpr auto diagonal(X const& x) {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank < 2) {
        using wrong =
            detail::mistake<detail::sentence("diagonal: the argument must be a matrix (rank 2 or more), and it is ", s,
                                             "; from_diagonal takes vectors")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (op::diagonal_length(s.from_end(1), s.from_end(0), Diagonal) <= 0) {
        using wrong = detail::mistake<detail::sentence("diagonal: a matrix ", s, " has the diagonals ",
                                                       1 - s.from_end(1), " to ", s.from_end(0) - 1, ", and ", Diagonal,
                                                       " is asked for; count to the right of the main one from 0")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else
        return apply<op::diagonal, attributes{{Diagonal}}>(x);
}

template <int Diagonal = 0, traced X>
constexpr auto from_diagonal(X const& x) {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank < 1 || s.rank >= max_rank) {
        using wrong =
            detail::mistake<detail::sentence("from_diagonal: the argument must be a vector (rank 1 to 3), and it is ",
                                             s, ": the result has one axis more")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else {
        constexpr int right = Diagonal > 0 ? Diagonal : 0, down = Diagonal < 0 ? -Diagonal : 0,
                      n = s.from_end(0) + right + down;
        auto const rows = apply<op::rows_of_diagonal, attributes{{n, Diagonal}}>(pad<-1, right, down>(x));
        return triu<Diagonal>(tril<Diagonal>(rows));
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
