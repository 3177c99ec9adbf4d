// matmul(a, b): the product of the last two axes, over all leading ones, which broadcast.
//
// Shapes: [..., m, k], [..., k, n] -> [..., m, n], rank 1 to 4. A vector [k] on the left is a row, on the right a
// column, and disappears from the result; of two vectors it is dot(a, b). Adjoints: c b^T and a^T c (Giles 2008,
// section 2.2.2), summed over the axes that were broadcast. Accuracy: sums of k products in an order that depends on
// the shapes; error at most k epsilon sum |a_ik| |b_kj|. Cost: 2 m n k operations. A transposed argument is read in
// place. Many matrices times one are one product of all their rows, and so is the adjoint; where the left argument is
// the one that is shared, its adjoint is summed from one product for each matrix. With k = 1 it is an outer product,
// fused with what uses it. Source: torch.matmul.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/dot.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// The leading axes of a product, and its sizes.
struct batch_of_products {
    int rows, columns, inner, outer, middle;  // outer, middle: the extents of the leading axes
    int left[2], right[2];                    // elements from one matrix to the next along them

    // {-1} as rank where the leading axes do not broadcast.
    static constexpr extents leading(extents const& a, extents const& b) {
        extents x = a, y = b;
        x.d[x.rank - 2] = x.d[x.rank - 1] = y.d[y.rank - 2] = y.d[y.rank - 1] = 1;
        return broadcast(x, y);
    }
    constexpr batch_of_products(extents const& a, extents const& b, attributes const& transposed)
        : rows(a.from_end(transposed.v[0] ? 0 : 1)),
          columns(b.from_end(transposed.v[1] ? 1 : 0)),
          inner(a.from_end(transposed.v[0] ? 1 : 0)),
          outer(a.from_end(3) > b.from_end(3) ? a.from_end(3) : b.from_end(3)),
          middle(a.from_end(2) > b.from_end(2) ? a.from_end(2) : b.from_end(2)),
          left{a.from_end(3) > 1 ? rows * inner * a.from_end(2) : 0, a.from_end(2) > 1 ? rows * inner : 0},
          right{b.from_end(3) > 1 ? inner * columns * b.from_end(2) : 0, b.from_end(2) > 1 ? inner * columns : 0} {}
};

// Attributes: 1 where the left, the right argument is transposed.
struct matmul : dense<matmul, 2> {
    static constexpr std::string_view name = "matmul";
    using uses = ops<matmul, transpose, multiply>;
    static constexpr bool reads_stored = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = batch_of_products::leading(a[0], a[1]);
        s.d[s.rank - 2] = a[0].from_end(at.v[0] ? 0 : 1);
        s.d[s.rank - 1] = a[1].from_end(at.v[1] ? 1 : 0);
        return s;
    }
    static constexpr double flops(auto const& g, node const& n) {
        return 2.0 * g.shape_of(n.first).size() * g.shape_of(n.argument[0]).from_end(n.attribute.v[0] ? 1 : 0);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        batch_of_products const p(x.shape[0], x.shape[1], x.attribute);
        int const ai = x.attribute.v[0] ? 1 : p.inner, ak = x.attribute.v[0] ? p.rows : 1,
                  bk = x.attribute.v[1] ? 1 : p.columns, bj = x.attribute.v[1] ? p.inner : 1;
        T* to = x.result[0];
        for (int o = 0; o < p.outer; ++o)
            for (int m = 0; m < p.middle; ++m) {
                T const* const a = x.argument[0] + o * p.left[0] + m * p.left[1];
                T const* const b = x.argument[1] + o * p.right[0] + m * p.right[1];
                for (int i = 0; i < p.rows; ++i)
                    for (int j = 0; j < p.columns; ++j) {
                        T total = 0;
                        if (p.inner > long_sum_from) {
                            auto const plus = [](T x, T y) { return x + y; };
                            long_sum<T, decltype(plus)> sum{plus, T(0)};
                            for (int k = 0; k < p.inner; ++k) sum.add(a[i * ai + k * ak] * b[k * bk + j * bj]);
                            total = sum.total();
                        } else
                            for (int k = 0; k < p.inner; ++k) total += a[i * ai + k * ak] * b[k * bk + j * bj];
                        *to++ = total;
                    }
            }
        return true;
    }
    // Longer sums are added pairwise, by a kernel of their own (kernel/matmul.hpp).
    static constexpr int long_sum_from = 2048;
    static constexpr bool row_product(auto const& g, node const& n) {
        return g.shape_of(n.argument[0]).from_end(0) <= long_sum_from &&
               g.shape_of(n.first).size() == g.shape_of(n.first).from_end(0) && n.attribute.v[0] == 0 &&
               n.attribute.v[1] == 1 && g.shape_of(n.argument[1]).rank == 2;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& x) {
        int const ta = n.attribute.v[0], tb = n.attribute.v[1], a = n.argument[0], b = n.argument[1],
                  c = x.cotangent[0];
        x.of_argument[0] = ta ? product(g, {{tb, 1}}, b, c) : product(g, {{0, 1 - tb}}, c, b);
        x.of_argument[1] = tb ? product(g, {{1, ta}}, c, a) : product(g, {{1 - ta, 0}}, a, c);
    }
    // A product of columns with rows is elementwise; a transposed argument becomes an attribute.
    static constexpr int rewrite(auto& g, node const& n) {
        if (outer(g, n.attribute, n.argument[0]) && n.attribute.v[0] == 0 && n.attribute.v[1] == 0)
            return push<multiply>(g, n.argument[0], n.argument[1]);
        node m = n;
        for (int k = 0; k < 2; ++k) {
            node const& p = g.producer_of(m.argument[k]);
            if (p.operation->id != id_of<transpose> || p.attribute != last_two(g, m.argument[k])) continue;
            m.argument[k] = p.argument[0];
            m.attribute.v[k] = 1 - m.attribute.v[k];
        }
        return g.push(m);
    }

  private:
    static constexpr bool outer(auto const& g, attributes const& transposed, int left) {
        return g.shape_of(left).from_end(transposed.v[0] ? 1 : 0) == 1;
    }
    static constexpr int product(auto& g, attributes const& transposed, int a, int b) {
        if (!outer(g, transposed, a)) return push_with<matmul>(g, transposed, a, b);
        int const column = transposed.v[0] ? push_with<transpose>(g, last_two(g, a), a) : a;
        return push<multiply>(g, column, transposed.v[1] ? push_with<transpose>(g, last_two(g, b), b) : b);
    }
    static constexpr attributes last_two(auto const& g, int v) { return transpose::last_two(g.shape_of(v).rank); }
};
}  // namespace op

namespace detail {

// The shape of a product whose arguments are a [..., m, k] and b [..., k, n], without its axis `Without` from the end.
template <class A, class B, int Without = -1>
struct product_rule {
    static constexpr extents value() {
        extents const s = op::matmul::shape({A::value, B::value}, {}, 0);
        extents r;
        for (int k = 0; k < s.rank; ++k)
            if (k != s.rank - 1 - Without) r.d[r.rank++] = s.d[k];
        return r;
    }
};

// What stands for a product that was refused: the left argument's shape with the right one's columns.
template <class A, class B>
struct refused_product {
    static constexpr extents value() {
        extents s = A::value;
        if (B::rank > 1) s.d[s.rank - 1] = B::value.from_end(0);
        if (B::rank == 1) --s.rank;
        return s;
    }
};

// [..., m, k] times [..., k, n].
template <traced A, traced B>
constexpr auto product(A const& a, B const& b) {
    constexpr extents x = extents_of<A>, y = extents_of<B>;
    constexpr int k = x.from_end(0), n = y.from_end(0);
    if constexpr ((x.rank > 2 || y.rank > 2) && y.size() == k * n)  // one matrix on the right
        return reshape<shape_by<product_rule<shape_type_of<A>, shape_type_of<B>>>>(
            apply<op::matmul>(reshape<shape<x.size() / k, k>>(a), reshape<shape<k, n>>(b)));
    else
        return apply<op::matmul>(a, b);
}

}  // namespace detail

template <traced A, traced B>
constexpr auto matmul(A const& a, B const& b) {
    constexpr extents x = extents_of<A>, y = extents_of<B>;
    constexpr int columns = x.from_end(0), rows = y.from_end(y.rank == 1 ? 0 : 1);
    constexpr bool fits = x.rank < 2 || y.rank < 2 || op::batch_of_products::leading(x, y).rank >= 0;
    if constexpr (x.rank < 1 || y.rank < 1) {
        using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
            "matmul: both arguments must have an axis at least; multiply with a number by *: ", x, " and ", y)>;
        return detail::as_operand(a);
    } else if constexpr (columns != rows) {
        using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
            "matmul: the columns of the left argument must equal the rows of the right one: ", x, " times ", y, ", ",
            columns, " columns and ", rows, " rows; pm::transpose(y) turns one")>;
        return detail::placeholder<shape_by<detail::refused_product<shape_type_of<A>, shape_type_of<B>>>>(a);
    } else if constexpr (!fits) {
        using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
            "matmul: the leading axes do not broadcast; aligned before the last two, extents must be equal or 1: ", x,
            " times ", y)>;
        return detail::placeholder<shape_by<detail::refused_product<shape_type_of<A>, shape_type_of<B>>>>(a);
    } else if constexpr (x.rank == 1 && y.rank == 1) {
        return dot(a, b);
    } else if constexpr (x.rank == 1) {
        using row = shape<1, x.d[0]>;
        return reshape<shape_by<detail::product_rule<row, shape_type_of<B>, 1>>>(detail::product(reshape<row>(a), b));
    } else if constexpr (y.rank == 1) {
        using column = shape<y.d[0], 1>;
        return reshape<shape_by<detail::product_rule<shape_type_of<A>, column, 0>>>(
            detail::product(a, reshape<column>(b)));
    } else
        return detail::product(a, b);
}

}  // namespace paramorph::inline PARAMORPH_ABI
