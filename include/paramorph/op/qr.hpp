// qr(a): the thin QR factorization a = q r; a [m, n], q [m, k] with orthonormal columns, r [k, n] upper triangular, k =
// min(m, n):
//     auto [q, r] = pm::qr(a);
// By Householder's reflections. Sign: that of LAPACK's geqrf, a diagonal element of r has the opposite sign of what was
// reflected there, as in torch.linalg.qr.
//
// Adjoint, for m >= n: (cq + q s) r^-T, s the symmetric matrix whose lower triangle is that of r cr^T - cq^T q (Walter
// and Lehmann 2010, "Algorithmic differentiation of linear algebra functions", section 3; torch's linalg_qr_backward);
// for m < n the columns beyond the m-th are products with q. Errors: a matrix that is not finite, or whose factors are
// not, fails the program's status; in the gradient also one whose first k columns depend on each other to within n
// epsilon; what does not fit the range is infinite. Cost: 2 n^2 (m - n / 3) operations for r, as many for q. Source:
// Golub and Van Loan, "Matrix Computations", section 5.2; torch.linalg.qr.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/reflectors.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/fitting_scale.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// r [n, n], where each column depends on no others by more than rounding: its diagonal element exceeds n epsilon of the
// largest above it. What is divided by it would be rounding errors otherwise.
struct independent_columns : dense<independent_columns, 1> {
    static constexpr std::string_view name = "independent_columns";
    static constexpr char const* requirement =
        "the gradient of qr: the matrix's first columns depend on each other, or nearly; there is none then";
    using uses = ops<>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        using paramorph::linalg::detail::magnitude;
        int const n = x.shape[0].d[0];
        T const* const r = x.argument[0];
        bool hold = true;
        for (int j = 0; j < n; ++j) {
            T above = 0;
            for (int i = 0; i < j; ++i) above = magnitude(r[i * n + j]) > above ? magnitude(r[i * n + j]) : above;
            hold = hold && magnitude(r[j * n + j]) > above * (T(n) * std::numeric_limits<T>::epsilon());
        }
        for (int i = 0; i < n * n; ++i) x.result[0][i] = r[i];
        return hold;
    }
    static constexpr void derive(auto&, node const&, adjoint& a) { a.of_argument[0] = a.cotangent[0]; }
};

// Results: q, r, the reflections [m, n], their factors tau [k] with scratch [n] behind. The reflections are of a times
// a power of two, which the scratch begins with; above them stands r times that: a number that subnormal numbers round.
struct qr : dense<qr, 1, 4> {
    static constexpr std::string_view name = "qr";
    static constexpr char const* requirement = "qr: the matrix is not finite";
    using uses = join<scaled_cotangents::operations, ops<add, subtract, negate, matmul, transpose, triangle,
                                                         triangular_solve, slice, concatenate<2>, independent_columns>>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        int const m = a[0].d[0], n = a[0].d[1], k = m < n ? m : n;
        return result == 0   ? extents{2, {m, k}}
               : result == 1 ? extents{2, {k, n}}
               : result == 2 ? a[0]
                             : extents{1, {k + n}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const size = g.shape_of(n.argument[0]).size();
        return 4.0 * size * g.shape_of(n.first).d[1];
    }
    template <class Blocks, class T>
    static constexpr bool run(operands<T> const& x) noexcept {
        int const m = x.shape[0].d[0], n = x.shape[0].d[1], k = m < n ? m : n;
        T *const factors = x.result[2], *const tau = x.result[3];
        T scale = 1;
        auto const factored = [&] {
            for (int i = 0; i < m * n; ++i) factors[i] = x.argument[0][i] * scale;
            return linalg::qr_factor<Blocks>(factors, tau, tau + k, m, n);
        };
        T const from_ends = linalg::detail::scale_from_ends(linalg::detail::largest_magnitude(x.argument[0], m * n));
        if (from_ends > 1) scale = from_ends;
        if (!factored()) {
            scale = T(0.125);  // something on the way may not have fit, and r does
            if (std::is_constant_evaluated() || !factored()) return false;
        }
        for (int i = 0; i < k; ++i)
            for (int j = 0; j < n; ++j) x.result[1][i * n + j] = j < i ? T(0) : factors[i * n + j] / scale;
        if (!linalg::detail::all_finite(x.result[1], k * n)) return false;
        linalg::product_of_reflections<Blocks>(factors, n, tau, k, x.result[0], m, k, tau + k);
        tau[k] = scale;
        return true;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return run<paramorph::linalg::scalar_blocks<T>>(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const q = n.first, m = g.shape_of(q).d[0], k = g.shape_of(q).d[1], columns = g.shape_of(q + 1).d[1];
        int const scale = push_with<slice>(g, attributes{{0, k, k + 1}}, q + 3);
        int const top = m > k ? push_with<slice>(g, attributes{{0, 0, k}}, q + 2) : q + 2;
        int r = push_with<triangle>(g, attributes{{0, 1}}, top), cq = a.cotangent[0], cr = a.cotangent[1];
        if (cq >= 0) cq = push<multiply>(g, scale, cq);
        scaled_cotangents scaled;
        scaled.meet(g, cq, r, fitting_scale::divided_later);
        scaled.meet(g, cr, r, fitting_scale::multiplied_before);
        cq = scaled.enter(g, cq), cr = scaled.enter(g, cr);
        if (m >= columns) {
            a.of_argument[0] = scaled.leave(g, of_tall(g, q, r, cq, cr));
            return;
        }
        attributes const left{{1, 0, k}}, right{{1, k, columns}};
        int of_right = -1;
        int const rest = push_with<slice>(g, right, n.argument[0]);
        r = push_with<slice>(g, left, r);
        if (cr >= 0) {
            int const beyond = push_with<slice>(g, right, cr);
            int const to_q = push_with<matmul>(g, attributes{{0, 1}}, push<multiply>(g, rest, scale), beyond);
            of_right = push<matmul>(g, q, beyond);
            cr = push_with<slice>(g, left, cr);
            cq = cq < 0 ? to_q : push<add>(g, cq, to_q);
        } else
            of_right = push<subtract>(g, rest, rest);
        a.of_argument[0] =
            scaled.leave(g, push_with<concatenate<2>>(g, attributes{{1}}, of_tall(g, q, r, cq, cr), of_right));
    }

  private:
    static constexpr int of_tall(auto& g, int q, int r, int cq, int cr) {
        constexpr attributes swapped{{1, 0, 2, 3}};
        int x = cr < 0 ? -1 : push_with<matmul>(g, attributes{{0, 1}}, r, cr);
        if (cq >= 0) {
            int const y = push_with<matmul>(g, attributes{{1, 0}}, cq, q);
            x = x < 0 ? push<negate>(g, y) : push<subtract>(g, x, y);
        }
        int const s = push<add>(g, push_with<triangle>(g, attributes{{0, -1}}, x),
                                push_with<transpose>(g, swapped, push_with<triangle>(g, attributes{{-1, -1}}, x)));
        int sum = push<matmul>(g, q, s);
        if (cq >= 0) sum = push<add>(g, cq, sum);
        int const solved = push_with<triangular_solve>(g, attributes{{1, 0, 0}}, push<independent_columns>(g, r),
                                                       push_with<transpose>(g, swapped, sum));
        return push_with<transpose>(g, swapped, solved);
    }
};

}  // namespace op

template <traced A>
constexpr auto qr(A const& a) {
    if constexpr (extents_of<A>.rank != 2) {
        using wrong = detail::mistake<detail::sentence("qr: the argument must be a matrix: it is ", extents_of<A>)>;
        using said [[maybe_unused]] = wrong::type;
        auto const instead = detail::after_mistake(a);
        return std::tuple(instead, instead);
    } else
        return apply<op::qr, attributes{}, 2>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
