// svd(a): the thin singular value decomposition a = u diag(s) vh; a [m, n], u [m, k], s [k] descending, vh [k, n], k =
// min(m, n):
//     auto [u, s, vh] = pm::svd(a);
// One-sided Jacobi. Sign: in each column of u the first entry of largest magnitude is positive. Adjoint: Townsend 2016,
// "Differentiating the singular value decomposition", as in torch.linalg.svd; it needs distinct singular values, and
// nonzero ones unless a is square. Errors: an argument that is not finite fails the program's status.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/svd.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

struct svd : dense<svd, 1, 3> {
    static constexpr std::string_view name = "svd";
    static constexpr char const* requirement = "svd: the matrix is not finite, or the iteration did not converge";
    using uses = ops<add, subtract, multiply, divide, matmul, transpose, identity, unsqueeze>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        int const m = a[0].d[0], n = a[0].d[1], k = m < n ? m : n;
        return result == 0 ? extents{2, {m, k}} : result == 1 ? extents{1, {k}} : extents{2, {k, n}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return paramorph::dense::svd<paramorph::dense::scalar_rows<T>>(x.argument[0], x.result[0], x.result[1],
                                                                       x.result[2], x.shape[0].d[0], x.shape[0].d[1]);
    }

    // With e_ij = s_j^2 - s_i^2 (1 on the diagonal) and skew(x) = x - x^T, the adjoint is u c vh with
    //     c = (skew(u^T gu) / e) s + s (skew(vh gvh^T) / e) + diag(gs),
    // plus (gu - u u^T gu) / s vh if m > k, plus u s^-1 (gvh - gvh vh^T vh) if n > k.
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const u = n.first, s = n.first + 1, vh = n.first + 2;
        int const gu = a.cotangent[0], gs = a.cotangent[1], gvh = a.cotangent[2];
        int const k = g.shape_of(s).d[0], rows = g.shape_of(u).d[0], columns = g.shape_of(vh).d[1];
        int const eye = push_with<identity>(g, attributes{{k, k, 0}});
        int const row = push_with<unsqueeze>(g, attributes{{0}}, s),
                  column = push_with<unsqueeze>(g, attributes{{1}}, s);
        int const gaps =
            push<add>(g, push<subtract>(g, push<multiply>(g, row, row), push<multiply>(g, column, column)), eye);
        auto const plus = [&](int x, int y) { return x < 0 ? y : push<add>(g, x, y); };
        auto const over_gaps = [&](int x) {
            return push<divide>(g, push<subtract>(g, x, push_with<transpose>(g, attributes{{1, 0, 2, 3}}, x)), gaps);
        };
        int const utgu = gu < 0 ? -1 : push_with<matmul>(g, attributes{{1, 0}}, u, gu);
        int const gvhv = gvh < 0 ? -1 : push_with<matmul>(g, attributes{{0, 1}}, gvh, vh);
        int core = -1;
        if (gs >= 0) core = push<multiply>(g, eye, push_with<unsqueeze>(g, attributes{{1}}, gs));
        if (gu >= 0) core = plus(core, push<multiply>(g, over_gaps(utgu), row));
        if (gvh >= 0)
            core = plus(core,
                        push<multiply>(g, column, over_gaps(push_with<transpose>(g, attributes{{1, 0, 2, 3}}, gvhv))));
        int result = push<matmul>(g, u, push<matmul>(g, core, vh));
        if (gu >= 0 && rows > k)
            result = plus(result,
                          push<matmul>(g, push<divide>(g, push<subtract>(g, gu, push<matmul>(g, u, utgu)), row), vh));
        if (gvh >= 0 && columns > k)
            result = plus(
                result, push<matmul>(g, u, push<divide>(g, push<subtract>(g, gvh, push<matmul>(g, gvhv, vh)), column)));
        a.of_argument[0] = result;
    }
};

}  // namespace op

template <traced A>
constexpr auto svd(A const& a) {
    if constexpr (extents_of<A>.rank != 2)
        using wrong [[maybe_unused]] =
            detail::mistake<detail::sentence("svd: the argument must be a matrix: it is ", extents_of<A>)>;
    return apply<op::svd, attributes{}, 3>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
