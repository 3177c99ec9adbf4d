// matmul(a, b): the product of the last two axes, over all leading ones, which broadcast.
//
// Shapes: [..., m, k], [..., k, n] -> [..., m, n], rank 1 to 4. A vector [k] on the left is a row, on the right a
// column, and disappears from the result; of two vectors it is dot(a, b). Adjoints: c b^T and a^T c (Giles 2008,
// section 2.2.2), summed over the axes that were broadcast. Accuracy: sums of k products in an order that depends on
// the shapes; error at most k epsilon sum |a_ik| |b_kj|. Errors: inner extents that differ, leading axes that do not
// broadcast, a scalar are the compiler's. Cost: 2 m n k operations. A transposed argument is read in place. Many
// matrices times one are one product of all their rows, and so is the adjoint; where the left argument is the one that
// is shared, its adjoint is summed from one product for each matrix. With k = 1 it is an outer product, fused with what
// uses it. A product with a diagonal matrix (from_diagonal) is a multiplication of rows or columns.
// Source: torch.matmul.
//
// matmul_in_factors(a, b): the same value, [m, k] and [k, n], which is not formed where nothing but one other product
// reads it, alone or as a term of a sum, and two products with the factors take fewer operations: x (a b) is (x a) b,
// x (w + a b) is x w + (x a) b, and so are their gradients. x a and (x a) b must fit, too. Elsewhere it is matmul(a,
// b).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

#include "paramorph/op/add.hpp"
#include "paramorph/op/batch_of_products.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/dot.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Attributes: 1 where the left, the right argument is transposed; 1 where the product may stay in its factors.
struct matmul : dense<matmul, 2> {
    static constexpr std::string_view name = "matmul";
    using uses = ops<matmul, transpose, multiply, add, unsqueeze>;
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
    // A row times the transpose of a matrix; with vectors also times a matrix, whose columns then lie in lanes.
    static constexpr bool row_product(auto const& g, node const& n, bool vectors = false) {
        return g.shape_of(n.argument[0]).from_end(0) <= long_sum_from &&
               g.shape_of(n.first).size() == g.shape_of(n.first).from_end(0) && n.attribute.v[0] == 0 &&
               (vectors || n.attribute.v[1] == 1) && g.shape_of(n.argument[1]).rank == 2;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& x) {
        int const ta = n.attribute.v[0], tb = n.attribute.v[1], a = n.argument[0], b = n.argument[1],
                  c = x.cotangent[0];
        x.of_argument[0] = ta ? product(g, {{tb, 1}}, b, c) : product(g, {{0, 1 - tb}}, c, b);
        x.of_argument[1] = tb ? product(g, {{1, ta}}, c, a) : product(g, {{1 - ta, 0}}, a, c);
    }
    // A product of columns with rows is elementwise; a transposed argument becomes an attribute; one that may stay in
    // its factors does, where that is cheaper.
    static constexpr int rewrite(auto& g, node const& n) {
        if (outer(g, n.attribute, n.argument[0]) && n.attribute.v[0] == 0 && n.attribute.v[1] == 0)
            return push_with<multiply>(g, attributes{{0, 0, n.attribute.v[2]}}, n.argument[0], n.argument[1]);
        node m = n;
        bool only[2];
        for (int k = 0; k < 2; ++k) {
            only[k] = g.readers[m.argument[k]] <= 1;
            node const& p = g.producer_of(m.argument[k]);
            if (p.operation->id != id_of<transpose> || p.attribute != last_two(g, m.argument[k])) continue;
            m.argument[k] = p.argument[0];
            m.attribute.v[k] = 1 - m.attribute.v[k];
            only[k] = only[k] && g.readers[m.argument[k]] <= 1;
        }
        for (int k = 0; k < 2; ++k) {
            int const d = diagonal_of(g, m.argument[k]);
            int const v = d >= 0 ? times_diagonal(g, m, k, d) : only[k] ? by_factors(g, m, k) : -1;
            if (v >= 0) return v;
        }
        return g.push(m);
    }

  private:
    // The vector whose diagonal matrix v is (from_diagonal), or -1.
    static constexpr int diagonal_of(auto const& g, int v) {
        node const &outer = g.producer_of(v), &inner = g.producer_of(outer.argument[0]);
        if (outer.operation->id != id_of<triangle> || inner.operation->id != id_of<triangle> ||
            outer.attribute.v[0] != 0 || inner.attribute.v[0] != 0 || outer.attribute.v[1] == inner.attribute.v[1])
            return -1;
        node const& rows = g.producer_of(inner.argument[0]);
        extents const w = g.shape_of(v);
        bool const is_square = w.rank == 2 && w.d[0] == w.d[1];
        return is_square && rows.operation->id == id_of<rows_of_diagonal> && rows.attribute.v[1] == 0 ? rows.argument[0]
                                                                                                      : -1;
    }
    // The product n whose argument k is a diagonal matrix: columns, or rows, times numbers; or -1.
    static constexpr int times_diagonal(auto& g, node const& n, int k, int d) {
        int x = n.argument[1 - k];
        if (g.shape_of(x).rank != 2) return -1;
        if (n.attribute.v[1 - k] != 0) x = push_with<transpose>(g, last_two(g, x), x);
        return push<multiply>(g, x, k == 1 ? d : push_with<unsqueeze>(g, attributes{{1}}, d));
    }
    // A matrix as a product of two, each as it stands or transposed.
    struct pair_of_factors {
        bool exists = false;
        int value[2]{};
        int transposed[2]{};
        double times = 1;
    };
    static constexpr pair_of_factors factors_of(auto const& g, int v) {
        node const& n = g.producer_of(v);
        bool const stays = n.attribute.v[2] != 0;
        if (n.operation->id == id_of<matmul> && stays)
            return {true, {n.argument[0], n.argument[1]}, {n.attribute.v[0], n.attribute.v[1]}};
        if (n.operation->id != id_of<multiply>) return {};
        if (stays) {  // a column times a row, in any order
            bool const in_order = g.shape_of(n.argument[0]).from_end(1) == g.shape_of(v).from_end(1);
            return {true, {n.argument[in_order ? 0 : 1], n.argument[in_order ? 1 : 0]}};
        }
        for (int k = 0; k < 2; ++k)
            if (g.is_constant(n.argument[k]) && g.readers[n.argument[1 - k]] <= 1) {
                pair_of_factors f = factors_of(g, n.argument[1 - k]);
                if (f.times != 1) return {};  // numbers that did not meet: their product need not fit
                f.times = g.producer_of(n.argument[k]).number;
                return f;
            }
        return {};
    }
    // The product n with argument k by its factors, or -1.
    static constexpr int by_factors(auto& g, node const& n, int k) {
        int const v = n.argument[k];
        if (g.shape_of(n.argument[0]).rank != 2 || g.shape_of(n.argument[1]).rank != 2) return -1;
        node const& p = g.producer_of(v);
        pair_of_factors const whole = factors_of(g, v);
        if (whole.exists) return cheaper(g, n, k, whole, false) ? times_factors(g, n, k, whole) : -1;
        if (p.operation->id != id_of<add>) return -1;
        for (int i = 0; i < 2; ++i) {
            int const term = p.argument[i], other = p.argument[1 - i];
            pair_of_factors const f = factors_of(g, term);
            if (!f.exists || g.readers[term] > 1 || g.shape_of(other) != g.shape_of(v) || !cheaper(g, n, k, f, true))
                continue;
            node rest = n;
            rest.argument[k] = other;
            int const first = rewrite(g, rest);
            return push<add>(g, first, times_factors(g, n, k, f));
        }
        return -1;
    }
    // x [m, k] times a [k, r] times b [r, n]: are m r (k + n) operations fewer than those for w = a b, r k n, and those
    // that reading it takes: m k n of the product, or k n of the sum that it is a term of?
    static constexpr bool cheaper(auto const& g, node const& n, int k, pair_of_factors const& f, bool is_term) {
        extents const w = g.shape_of(n.argument[k]), x = g.shape_of(n.argument[1 - k]);
        double const wide = w.from_end(0), tall = w.from_end(1),
                     others = double(x.size()) / (n.attribute.v[k] == k ? wide : tall),
                     rank = g.shape_of(f.value[0]).from_end(f.transposed[0] ? 1 : 0);
        return others * rank * (wide + tall) < (rank + (is_term ? 1 : others)) * wide * tall;
    }
    static constexpr int times_factors(auto& g, node const& n, int k, pair_of_factors f) {
        if (n.attribute.v[k] != 0) {  // (a b)^T = b^T a^T
            std::swap(f.value[0], f.value[1]);
            std::swap(f.transposed[0], f.transposed[1]);
            for (int& t : f.transposed) t = 1 - t;
        }
        int const x = n.argument[1 - k], x_transposed = n.attribute.v[1 - k];
        int const y = k == 1 ? product(g, {{0, f.transposed[1]}},
                                       product(g, {{x_transposed, f.transposed[0]}}, x, f.value[0]), f.value[1])
                             : product(g, {{f.transposed[0], 0}}, f.value[0],
                                       product(g, {{f.transposed[1], x_transposed}}, f.value[1], x));
        return f.times == 1 ? y : push<multiply>(g, y, append_constant(g, f.times));
    }
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
        using wrong = detail::mistake<detail::sentence(
            "matmul: both arguments must have an axis at least; multiply with a number by *: ", x, " and ", y)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(a);
    } else if constexpr (columns != rows) {
        using wrong = detail::mistake<detail::sentence(
            "matmul: the columns of the left argument must equal the rows of the right one: ", x, " times ", y, ", ",
            columns, " columns and ", rows, " rows; pm::transpose(y) turns one")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(
            detail::placeholder<shape_by<detail::refused_product<shape_type_of<A>, shape_type_of<B>>>>(a));
    } else if constexpr (!fits) {
        using wrong = detail::mistake<detail::sentence(
            "matmul: the leading axes do not broadcast; aligned before the last two, extents must be equal or 1: ", x,
            " times ", y)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(
            detail::placeholder<shape_by<detail::refused_product<shape_type_of<A>, shape_type_of<B>>>>(a));
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
template <traced A, traced B>
constexpr auto matmul_in_factors(A const& a, B const& b) {
    constexpr extents x = extents_of<A>, y = extents_of<B>;
    if constexpr (x.rank == 2 && y.rank == 2 && x.d[1] == y.d[0])
        return apply<op::matmul, attributes{{0, 0, 1}}>(a, b);
    else
        return matmul(a, b);
}

}  // namespace paramorph::inline PARAMORPH_ABI
