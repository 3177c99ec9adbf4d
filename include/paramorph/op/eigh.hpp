// eigh(a): the eigenvalues and eigenvectors of a symmetric matrix, a = v diag(w) v^T; a [n, n], of which the lower
// triangle is read, w [n] ascending, v [n, n] with an eigenvector in each column:
//     auto [w, v] = pm::eigh(a);
// By Jacobi's method. Sign: in each column of v the first entry of largest magnitude is positive.
//
// Adjoint: that of a symmetric a, v (diag(cw) + (x - x^T) / (2 gaps)) v^T with x = v^T cv and gaps_ij = w_j - w_i
// (Giles 2008, section 3.1; torch.linalg.eigh), right for matrices of any scale, as long as it fits. Errors: a matrix
// that is not finite fails the program's status; so do two equal eigenvalues, where a gradient goes through
// eigenvectors. Cost: about 6 to 10 sweeps of 3 n^3 operations. Source: Golub and Van Loan, "Matrix Computations",
// section 8.5; torch.linalg.eigh.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/eigh.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/fitting_scale.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Results: w, v, scratch [n, n], and w times a power of two [n], which stands behind it.
struct eigh : dense<eigh, 1, 4> {
    static constexpr std::string_view name = "eigh";
    static constexpr char const* requirement = "eigh: the matrix is not finite, or the iteration did not converge";
    using uses =
        join<scaled_cotangents::operations,
             ops<add, subtract, constant, matmul, slice, transpose, identity, unsqueeze, paramorph::op::require>>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        int const n = a[0].d[0];
        return result == 0 ? extents{1, {n}} : result == 3 ? extents{1, {n + 1}} : a[0];
    }
    template <class Blocks, class T>
    static constexpr bool run(operands<T> const& x) noexcept {
        return paramorph::linalg::eigh<Blocks>(x.argument[0], x.result[0], x.result[1], x.result[2], x.shape[0].d[0],
                                               x.result[3]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return run<paramorph::linalg::scalar_blocks<T>>(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const v = n.first + 1, order = g.shape_of(v).d[0];
        int const eye = push_with<identity>(g, attributes{{order, order, 0}});
        int cw = a.cotangent[0], cv = a.cotangent[1], gaps = -1;
        scaled_cotangents scaled;
        if (cv >= 0) {
            int const last = n.first + 3, near = push_with<slice>(g, attributes{{0, 0, order}}, last);
            gaps = push<add>(g,
                             push<subtract>(g, push_with<unsqueeze>(g, attributes{{0}}, near),
                                            push_with<unsqueeze>(g, attributes{{1}}, near)),
                             eye);
            gaps = g.push(node{&describe<paramorph::op::require>,
                               {gaps, gaps},
                               {{0, 0, 0, g.size}},
                               0,
                               "eigh: two eigenvalues are equal, so their eigenvectors have no gradient",
                               0});
            cv = push<multiply>(g, push_with<slice>(g, attributes{{0, order, order + 1}}, last), cv);
            scaled.meet(g, cv, gaps);
            scaled.meet(g, cw, append_constant(g, 1));
            cv = scaled.enter(g, cv), cw = scaled.enter(g, cw);
        }
        int core = -1;
        if (cw >= 0) core = push<multiply>(g, eye, push_with<unsqueeze>(g, attributes{{1}}, cw));
        if (cv >= 0) {
            int const x = push_with<matmul>(g, attributes{{1, 0}}, v, cv);
            int const turning = push<multiply>(
                g, append_constant(g, 0.5), push<subtract>(g, x, push_with<transpose>(g, attributes{{1, 0, 2, 3}}, x)));
            int const rotation = push<divide>(g, turning, gaps);
            core = core < 0 ? rotation : push<add>(g, core, rotation);
        }
        int const left = push<matmul>(g, v, core);
        a.of_argument[0] = scaled.leave(g, push_with<matmul>(g, attributes{{0, 1}}, left, v));
    }
};

}  // namespace op

template <traced A>
constexpr auto eigh(A const& a) {
    (void)detail::is_square<"eigh", A>();
    return apply<op::eigh, attributes{}, 2>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
