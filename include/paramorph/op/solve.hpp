// solve(a, b): x with a x = b; a [n, n], b [n, columns] or [n]. LU with partial pivoting; its factors are results of
// the node, and the adjoint reuses them: with y = a^-T c the cotangents are -y x^T for a and y for b (Giles 2008,
// section 2.2.3). Errors: a singular matrix, or one that is not finite, fails the program's status (`pm::error` on the
// host). Cost: 2/3 n^3 + 2 n^2 columns operations. Source: Golub and Van Loan, "Matrix Computations", section 3.4;
// torch.linalg.solve.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/lu.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: LU factors, row permutation, right-hand side. Attribute: 1 solves with the transposed matrix.
struct lu_solve : dense<lu_solve, 3> {
    static constexpr std::string_view name = "lu_solve";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[2]; }
    static constexpr double flops(auto const& g, node const& n) {
        return 2.0 * g.shape_of(n.first).size() * g.shape_of(n.argument[0]).d[0];
    }
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_panel(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        paramorph::linalg::lu_solve(x.argument[0], x.integer[1], x.argument[2], x.result[0], x.shape[2].d[0],
                                    x.shape[2].d[1], x.attribute.v[0] != 0);
        return true;
    }
};

// Results: the solution, the LU factors [n, n], the row permutation (int32 [n]).
struct solve : dense<solve, 2, 3> {
    static constexpr std::string_view name = "solve";
    static constexpr char const* requirement = "solve: the matrix is singular or not finite";
    using uses = ops<lu_solve, matmul, negate>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[1] : result == 1 ? a[0] : extents{1, {a[0].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.argument[0]).d[0];
        return 2.0 / 3 * order * order * order + 2.0 * order * g.shape_of(n.first).size();
    }
    static constexpr int integer_result = 2;
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_two_panels(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        if (!paramorph::linalg::lu_factor(x.argument[0], x.result[1], x.integer_result[2], n)) return false;
        paramorph::linalg::lu_solve(x.result[1], x.integer_result[2], x.argument[1], x.result[0], n, x.shape[1].d[1]);
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const y = push_with<lu_solve>(g, attributes{{1}}, n.first + 1, n.first + 2, a.cotangent[0]);
        a.of_argument[0] = push<negate>(g, push_with<matmul>(g, attributes{{0, 1}}, y, n.first));
        a.of_argument[1] = y;
    }
};

}  // namespace op

template <traced A, operand B>
constexpr auto solve(A const& a, B const& b) {
    constexpr extents x = extents_of<A>, y = extents_of<B>;
    if constexpr (detail::is_square<"solve", A>() && !(y.rank >= 1 && y.rank <= 2 && y.d[0] == x.d[0])) {
        using wrong = detail::mistake<detail::sentence(
            "solve: the right-hand side must have as many rows as the matrix: ", x, " and ", y)>;
        using said [[maybe_unused]] = wrong::type;
    }
    if constexpr (y.rank == 1)
        return reshape<shape<y.d[0]>>(apply<op::solve>(a, reshape<shape<y.d[0], 1>>(b)));
    else
        return apply<op::solve>(a, b);
}

}  // namespace paramorph::inline PARAMORPH_ABI
