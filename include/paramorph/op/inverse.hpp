// inverse(a): the inverse of a square matrix [n, n]. LU with partial pivoting, and a solve for each column.
// inverse<pivoting::when_needed>(a): faster where the symmetric part of a is positive definite (I + a skew matrix,
// say): elimination without pivoting, nearly all of it products, while no pivot is negative or larger than 16 times
// every element of a; otherwise with pivoting as above, so that digits are never lost to a large pivot.
//
// Adjoint: -x^T c x^T with x the inverse (Giles 2008, section 2.2.2). Errors: a matrix that is singular or not finite
// fails the program's status. Cost: 2 n^3 operations without pivoting, 8/3 n^3 with. Source: torch.linalg.inv. To solve
// a system, solve(a, b) is faster and more accurate.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/inverse.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/negate.hpp"

namespace paramorph::inline PARAMORPH_ABI {

enum class pivoting { always, when_needed };

namespace op {

// Attribute: 1 tries without pivoting. Results: the inverse, scratch of n x n (the LU factors where there are any), the
// row permutation (int32 [n]).
struct inverse : dense<inverse, 1, 3> {
    static constexpr std::string_view name = "inverse";
    static constexpr char const* requirement = "inverse: the matrix is singular or not finite";
    using uses = ops<matmul, negate>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result < 2 ? a[0] : extents{1, {a[0].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return (n.attribute.v[0] != 0 ? 2.0 : 8.0 / 3) * order * order * order;
    }
    static constexpr value infer(auto const& g, node const& n, int result) {
        value v = shaped<inverse>::infer(g, n, result);
        if (result == 2) v.type = element::i32;
        return v;
    }
    static constexpr int panel_rows(auto const& g, node const& n) {
        return paramorph::dense::rows_of_two_panels(g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        namespace dense = paramorph::dense;
        int const n = x.shape[0].d[0];
        if (x.attribute.v[0] != 0 &&
            dense::inverse_of_definite<dense::scalar_blocks<T>>(x.argument[0], x.result[0], x.result[1], n))
            return true;
        if (!dense::lu_factor(x.argument[0], x.result[1], x.integer_result[2], n)) return false;
        identity_matrix(x.result[0], n);
        dense::lu_solve(x.result[1], x.integer_result[2], x.result[0], x.result[0], n, n);
        return true;
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
    constexpr extents x = extents_of<A>;
    if constexpr (!(x.rank == 2 && x.d[0] == x.d[1]))
        using wrong [[maybe_unused]] =
            detail::mistake<detail::sentence("inverse: the argument must be a square matrix: it is ", x)>;
    return apply<op::inverse, attributes{{Pivoting == pivoting::when_needed}}>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
