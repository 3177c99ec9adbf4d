// inverse(a): the inverse of a square matrix [n, n]. LU with partial pivoting, and a solve for each column.
// inverse<pivoting::when_needed>(a): faster where the symmetric part of a is positive definite (I + a skew matrix,
// say): elimination without pivoting, nearly all of it products, while no pivot is negative or larger than 16 times
// every element of a; otherwise with pivoting as above, so that digits are never lost to a large pivot.
//
// cayley_inverse(b): the inverse of b = I + a with a skew a, such that 2 x - I, the Cayley map of a, is orthogonal
// within 10 n epsilon: as inverse<pivoting::when_needed>, and where an element of a exceeds 4, x is moved to the
// nearest such matrix. Errors: also a norm of a beyond 1 / (4 epsilon) (its largest sum of magnitudes along a
// row; 2.1e6 in float, 1.1e15 in double) where an element exceeds 4: rounding of a turns such a rotation by a radian.
//
// Adjoint: -x^T c x^T with x the inverse (Giles 2008, section 2.2.2). Errors: a matrix that is singular or not finite,
// or whose inverse is not finite, fails the program's status. Cost: 2 n^3 operations without pivoting, 8/3 n^3 with.
// Source: torch.linalg.inv. To solve a system, solve(a, b) is faster and more accurate.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/inverse_unpivoted.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

enum class pivoting { always, when_needed };

namespace op {

// Attribute: 1 tries without pivoting, and 2 makes a Cayley map, too. Results: the inverse, scratch of n x n (the LU
// factors where there are any), for a Cayley map (n + 1) x n, the row permutation (int32 [n]).
struct inverse : dense<inverse, 1, 3> {
    static constexpr std::string_view name = "inverse";
    static constexpr char const* requirement = "inverse: the matrix is singular or not finite";
    using uses = ops<matmul, negate>;
    static constexpr char const* cayley_requirement =
        "cayley: the skew matrix is not finite, or larger than 1 / (4 epsilon): rounding turns its rotation by a "
        "radian";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes with, int result) {
        int const n = a[0].d[0];
        return result == 0 ? a[0] : result == 1 ? extents{2, {n + (with.v[0] == 2), n}} : extents{1, {n}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return (n.attribute.v[0] != 0 ? 2.0 : 8.0 / 3) * order * order * order;
    }
    static constexpr int integer_result = 2;
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_two_panels(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        return run<linalg::scalar_blocks<T>>(
            x, n, x.attribute.v[0],
            [&] { return linalg::lu_factor(x.argument[0], x.result[1], x.integer_result[2], n); },
            [&] { linalg::lu_solve(x.result[1], x.integer_result[2], x.result[0], x.result[0], n, n); });
    }
    // What interpreter and kernel do, given how each factors and solves.
    template <class Blocks, class T>
    static constexpr bool run(operands<T> const& x, int n, auto how, auto const& factor, auto const& solve) noexcept {
        T largest = std::numeric_limits<T>::infinity();
        if (how == 0 || !linalg::inverse_of_definite<Blocks>(x.argument[0], x.result[0], x.result[1], n, largest)) {
            if (!factor()) return false;
            identity_matrix(x.result[0], n);
            solve();
        }
        // The reciprocal of a subnormal number does not fit. A Cayley map's matrix has none.
        if (how != 2 && !linalg::detail::all_finite(x.result[0], n * n)) return false;
        return how != 2 || largest <= T(linalg::small_in_cayley) ||
               linalg::orthogonalize_cayley<Blocks>(x.argument[0], x.result[0], x.result[1], n);
    }
    template <class T>
    static constexpr void identity_matrix(T* to, int n) noexcept {
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) to[i * n + j] = T(i == j);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const left = push_with<matmul>(g, attributes{{1, 0}}, n.first, a.cotangent[0]);
        a.of_argument[0] = push<negate>(g, push_with<matmul>(g, attributes{{0, 1}}, left, n.first));
    }
};

}  // namespace op

template <pivoting Pivoting = pivoting::always, traced A>
constexpr auto inverse(A const& a) {
    (void)detail::is_square<"inverse", A>();
    return apply<op::inverse, attributes{{Pivoting == pivoting::when_needed}}>(a);
}

template <traced B>
constexpr auto cayley_inverse(B const& b) {
    (void)detail::is_square<"cayley_inverse", B>();
    return detail::apply_to<op::inverse, attributes{{2}}, 1>(op::inverse::cayley_requirement, b);
}

}  // namespace paramorph::inline PARAMORPH_ABI
