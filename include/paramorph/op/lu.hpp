// lu(a): the factorization a = p l u with partial pivoting; a [n, n], p a permutation matrix, l lower triangular with
// ones on its diagonal, u upper triangular:
//     auto [p, l, u] = pm::lu(a);
//
// Adjoint: p l^-T (tril<-1>(l^T cl) + triu(cu u^T)) u^-T (torch's linalg_lu_backward); none for p, which is constant.
// Errors: a matrix that is singular or not finite fails the program's status. Cost: 2/3 n^3 operations. Source:
// torch.linalg.lu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/lu.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Results: p, l, u, the row permutation (int32 [n]).
struct lu : dense<lu, 1, 4> {
    static constexpr std::string_view name = "lu";
    static constexpr char const* requirement = "lu: the matrix is singular or not finite";
    using uses = ops<add, matmul, transpose, triangle, triangular_solve>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result < 3 ? a[0] : extents{1, {a[0].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return 2.0 / 3 * order * order * order;
    }
    static constexpr int integer_result = 3;
    // Takes the factors in l apart.
    template <class T>
    static constexpr void split(operands<T> const& x, int n) noexcept {
        T *const p = x.result[0], *const l = x.result[1], *const u = x.result[2];
        for (int i = 0; i < n * n; ++i) p[i] = 0;
        for (int i = 0; i < n; ++i) {
            p[x.integer_result[3][i] * n + i] = 1;
            for (int j = 0; j < n; ++j) {
                u[i * n + j] = j >= i ? l[i * n + j] : T(0);
                if (j >= i) l[i * n + j] = T(i == j);
            }
        }
    }
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_two_panels(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        if (!paramorph::linalg::lu_factor(x.argument[0], x.result[1], x.integer_result[3], n)) return false;
        split(x, n);
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        constexpr attributes swapped{{1, 0, 2, 3}};
        int const p = n.first, l = p + 1, u = p + 2, cl = a.cotangent[1], cu = a.cotangent[2];
        if (cl < 0 && cu < 0) return;
        int core = -1;
        if (cl >= 0)
            core = push_with<triangle>(g, attributes{{-1, -1}}, push_with<matmul>(g, attributes{{1, 0}}, l, cl));
        if (cu >= 0) {
            int const upper =
                push_with<triangle>(g, attributes{{0, 1}}, push_with<matmul>(g, attributes{{0, 1}}, cu, u));
            core = core < 0 ? upper : push<add>(g, core, upper);
        }
        int const left = push_with<triangular_solve>(g, attributes{{0, 1, 1}}, l, core);
        int const right =
            push_with<triangular_solve>(g, attributes{{1, 0, 0}}, u, push_with<transpose>(g, swapped, left));
        a.of_argument[0] = push<matmul>(g, p, push_with<transpose>(g, swapped, right));
    }
};

}  // namespace op

template <traced A>
constexpr auto lu(A const& a) {
    (void)detail::is_square<"lu", A>();
    return apply<op::lu, attributes{}, 3>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
