// matmul(a, b): [m, k], [k, n] -> [m, n]; a vector [k] on the left is a row, on the right a column, and disappears from
// the result. A transposed argument is read in place. Adjoints: c b^T and a^T c (Giles 2008, section 2.2.2).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/transpose.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph {

namespace op {
// Attributes: 1 where the left, the right argument is transposed.
struct matmul : dense<matmul, 2> {
    static constexpr std::string_view name = "matmul";
    using uses = ops<matmul>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        return {2, {a[0].d[at.v[0] ? 1 : 0], a[1].d[at.v[1] ? 0 : 1]}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        extents const &a = x.shape[0], &b = x.shape[1];
        int const ta = x.attribute.v[0], tb = x.attribute.v[1], rows = a.d[ta ? 1 : 0], inner = a.d[ta ? 0 : 1],
                  columns = b.d[tb ? 0 : 1];
        int const ai = ta ? 1 : inner, ak = ta ? rows : 1, bk = tb ? 1 : columns, bj = tb ? inner : 1;
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) {
                T total = 0;
                for (int k = 0; k < inner; ++k)
                    total += x.argument[0][i * ai + k * ak] * x.argument[1][k * bk + j * bj];
                x.result[0][i * columns + j] = total;
            }
        return true;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& x) {
        int const ta = n.attribute.v[0], tb = n.attribute.v[1], a = n.argument[0], b = n.argument[1],
                  c = x.cotangent[0];
        x.of_argument[0] =
            ta ? g.push_with<matmul>(attributes{{tb, 1}}, b, c) : g.push_with<matmul>(attributes{{0, 1 - tb}}, c, b);
        x.of_argument[1] =
            tb ? g.push_with<matmul>(attributes{{1, ta}}, c, a) : g.push_with<matmul>(attributes{{1 - ta, 0}}, a, c);
    }
    // A transposed argument becomes an attribute.
    static constexpr int rewrite(graph& g, node const& n) {
        node m = n;
        for (int k = 0; k < 2; ++k) {
            node const& p = g.producer_of(m.argument[k]);
            if (p.operation->id != id_of<transpose>) continue;
            m.argument[k] = p.argument[0];
            m.attribute.v[k] = 1 - m.attribute.v[k];
        }
        return g.push(m);
    }
};
}  // namespace op

template <traced A, traced B>
constexpr auto matmul(A const& a, B const& b) {
    constexpr extents x = extents_of<A>, y = extents_of<B>;
    static_assert(x.rank >= 1 && x.rank <= 2 && y.rank >= 1 && y.rank <= 2,
                  "matmul: both arguments must be matrices or vectors");
    static_assert(x.d[x.rank - 1] == y.d[0],
                  "matmul: the columns of the left argument must equal the rows of the right one");
    if constexpr (x.rank == 1 && y.rank == 1)
        return reshape<shape<>>(matmul(reshape<shape<1, x.d[0]>>(a), reshape<shape<y.d[0], 1>>(b)));
    else if constexpr (x.rank == 1)
        return reshape<shape<y.d[1]>>(matmul(reshape<shape<1, x.d[0]>>(a), b));
    else if constexpr (y.rank == 1)
        return reshape<shape<x.d[0]>>(matmul(a, reshape<shape<y.d[0], 1>>(b)));
    else
        return apply<op::matmul>(a, b);
}

}  // namespace paramorph
