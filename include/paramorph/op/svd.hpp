// svd(a): the thin singular value decomposition a = u diag(s) vh; a [m, n], u [m, k], s [k] descending, vh [k, n], k =
// min(m, n):
//     auto [u, s, vh] = pm::svd(a);
// One-sided Jacobi. Sign: in each column of u the first entry of largest magnitude is positive. Adjoint: Townsend 2016,
// "Differentiating the singular value decomposition", as in torch.linalg.svd, but for any scale: no singular value is
// squared, and what would not fit on the way is scaled (op/fitting_scale.hpp). Errors: an argument that is not finite
// fails the program's status; so do two equal singular values where a gradient goes through u or vh, and one of zero
// unless a is square: singular vectors have no derivative there (PyTorch: NaN). Gradients through s alone exist always.
// Cost: about 5 to 10 sweeps of 3 m n k operations, and no memory but the results; the gradient up to eight products of
// matrices. Source: Demmel and Veselic 1992, "Jacobi's method is more accurate than QR"; torch.linalg.svd.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/svd.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/fitting_scale.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Results: u, s, vh, and s times a power of two [k], which stands behind it.
struct svd : dense<svd, 1, 4> {
    static constexpr std::string_view name = "svd";
    static constexpr char const* requirement = "svd: the matrix is not finite, or the iteration did not converge";
    using uses =
        join<scaled_cotangents::operations,
             ops<add, subtract, constant, matmul, slice, transpose, identity, unsqueeze, paramorph::op::require>>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        int const m = a[0].d[0], n = a[0].d[1], k = m < n ? m : n;
        return result == 0   ? extents{2, {m, k}}
               : result == 1 ? extents{1, {k}}
               : result == 2 ? extents{2, {k, n}}
                             : extents{1, {k + 1}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return paramorph::linalg::svd<paramorph::linalg::scalar_rows<T>>(
            x.argument[0], x.result[0], x.result[1], x.result[2], x.shape[0].d[0], x.shape[0].d[1], x.result[3]);
    }

    // With skew(x) = x - x^T, p = skew(u^T gu), q = skew(vh gvh^T) and off the diagonal, the adjoint is u c vh with
    //     c_ij = (p_ij s_j + s_i q_ij) / (s_j^2 - s_i^2)
    //          = (p_ij s_j / (s_i + s_j) + q_ij s_i / (s_i + s_j)) / (s_j - s_i),   c_ii = gs_i,
    // plus (gu - u u^T gu) / s vh if m > k, plus u s^-1 (gvh - gvh vh^T vh) if n > k: for f s and f gu, f gvh as well.
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const u = n.first, vh = n.first + 2;
        int gu = a.cotangent[0], gs = a.cotangent[1], gvh = a.cotangent[2];
        int const k = g.shape_of(n.first + 1).d[0], rows = g.shape_of(u).d[0], columns = g.shape_of(vh).d[1];
        auto const plus = [&](int x, int y) { return x < 0 ? y : push<add>(g, x, y); };
        int const eye = push_with<identity>(g, attributes{{k, k, 0}});
        scaled_cotangents scaled;
        int row = -1, column = -1, gaps = -1, shares = -1;  // s_j - s_i and s_i + s_j, 1 and more on the diagonal
        if (gu >= 0 || gvh >= 0) {
            int const last = n.first + 3, one = append_constant(g, 1);
            int s = push_with<slice>(g, attributes{{0, 0, k}}, last);
            if ((gu >= 0 && rows > k) || (gvh >= 0 && columns > k))
                s = required(g, s, "svd: a singular value is zero, so its vectors have no gradient");
            row = push_with<unsqueeze>(g, attributes{{0}}, s), column = push_with<unsqueeze>(g, attributes{{1}}, s);
            gaps = required(g, push<add>(g, push<subtract>(g, row, column), eye),
                            "svd: two singular values are equal, so their vectors have no gradient");
            shares = push<add>(g, push<add>(g, row, column), eye);
            int const factor = push_with<slice>(g, attributes{{0, k, k + 1}}, last);
            for (int* const c : {&gu, &gvh}) {
                if (*c < 0) continue;
                *c = push<multiply>(g, factor, *c);
                scaled.meet(g, *c, gaps);
                if (g.shape_of(*c).size() > k * k) scaled.meet(g, *c, s);
            }
            scaled.meet(g, gs, one);
            gu = scaled.enter(g, gu), gs = scaled.enter(g, gs), gvh = scaled.enter(g, gvh);
        }
        auto const over_gaps = [&](int x, int of) {
            int const turn = push<subtract>(g, x, push_with<transpose>(g, attributes{{1, 0, 2, 3}}, x));
            return push<divide>(g, push<multiply>(g, turn, push<divide>(g, of, shares)), gaps);
        };
        int const utgu = gu < 0 ? -1 : push_with<matmul>(g, attributes{{1, 0}}, u, gu);
        int const gvhv = gvh < 0 ? -1 : push_with<matmul>(g, attributes{{0, 1}}, gvh, vh);
        int core = -1;
        if (gs >= 0) core = push<multiply>(g, eye, push_with<unsqueeze>(g, attributes{{1}}, gs));
        if (gu >= 0) core = plus(core, over_gaps(utgu, row));
        if (gvh >= 0) core = plus(core, over_gaps(push_with<transpose>(g, attributes{{1, 0, 2, 3}}, gvhv), column));
        int result = push<matmul>(g, u, push<matmul>(g, core, vh));
        if (gu >= 0 && rows > k)
            result = plus(result,
                          push<matmul>(g, push<divide>(g, push<subtract>(g, gu, push<matmul>(g, u, utgu)), row), vh));
        if (gvh >= 0 && columns > k)
            result = plus(
                result, push<matmul>(g, u, push<divide>(g, push<subtract>(g, gvh, push<matmul>(g, gvhv, vh)), column)));
        a.of_argument[0] = scaled.leave(g, result);
    }

  private:
    static constexpr int required(auto& g, int x, char const* sentence) {
        return g.push(node{&describe<paramorph::op::require>, {x, x}, {}, 0, sentence, 0});
    }
};

}  // namespace op

template <traced A>
constexpr auto svd(A const& a) {
    if constexpr (extents_of<A>.rank != 2) {
        using wrong = detail::mistake<detail::sentence("svd: the argument must be a matrix: it is ", extents_of<A>)>;
        using said [[maybe_unused]] = wrong::type;
        auto const instead = detail::after_mistake(a);
        return std::tuple(instead, instead, instead);
    } else
        return apply<op::svd, attributes{}, 3>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
