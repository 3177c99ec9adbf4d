// matrix_exp(a): the exponential of a square matrix [n, n]; matrix_exp<matrix_kind::skew>(a) is faster for a
// skew-symmetric one, whose exponential is a rotation.
//
// Adjoint: the algorithm's, differentiated; of a skew matrix the skew part, which is all that a skew matrix can follow.
// Accuracy: backward stable like the algorithm's source, which stands in core/matrix_exponential.hpp; for a skew matrix
// of norm s at most some s epsilon, absolute, and orthogonal within 10 n epsilon for every s up to 1 / (4
// epsilon), 2.1e6 in float and 1.1e15 in double. Beyond, the rounding of an angle is as large as a radian: an error.
// Errors: a matrix that is not finite, or larger than that, or whose exponential is not finite; one that was said to be
// skew and is not. Cost, in products of n x n matrices: 5 + s where s is the logarithm of the norm, 3.5 + s for a skew
// matrix (half as many more for a norm beyond 5 n); the adjoint 10 + 2 s, and 8 + 2 s. Memory: 12 matrices, 8 more for
// the adjoint. Source: torch.matrix_exp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/matrix_exponential.hpp"
#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

enum class matrix_kind { any, skew };

namespace op {

// Arguments: what matrix_exp left behind, the number of its squarings, the cotangent. Attribute: 1 for a skew matrix.
// Results: the adjoint, scratch.
struct matrix_exp_adjoint : dense<matrix_exp_adjoint, 3, 2> {
    static constexpr std::string_view name = "matrix_exp_adjoint";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[2] : extents{2, {paramorph::linalg::exponential_adjoint_scratch * a[2].d[0], a[2].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return (n.attribute.v[0] != 0 ? 16.0 : 20.0) * order * order * order;
    }
    template <bool Skew, class Squares, class T>
    static constexpr bool run(Squares const& on, operands<T> const& x) noexcept {
        paramorph::linalg::exponential_adjoint<Skew>(on, x.argument[0], x.integer[1][0], x.argument[2], x.result[0],
                                                     x.result[1]);
        return true;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        paramorph::linalg::scalar_squares<T> const on{x.shape[2].d[0]};
        return x.attribute.v[0] != 0 ? run<true>(on, x) : run<false>(on, x);
    }
};

// Attribute: 1 for a skew matrix. Results: the exponential, what the adjoint needs, the number of squarings (int32).
struct matrix_exp : dense<matrix_exp, 1, 3> {
    static constexpr std::string_view name = "matrix_exp";
    static constexpr char const* requirement =
        "matrix_exp: the matrix is not finite or too large, or it was said to be skew and is not";
    using uses = ops<matrix_exp_adjoint>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0   ? a[0]
               : result == 1 ? extents{2, {paramorph::linalg::detail::exponential_tape * a[0].d[0], a[0].d[0]}}
                             : extents{1, {1}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return (n.attribute.v[0] != 0 ? 7.0 : 10.0) * order * order * order;
    }
    static constexpr int integer_result = 2;
    template <bool Skew, class Squares, class T>
    static constexpr bool run(Squares const& on, operands<T> const& x) noexcept {
        int steps = 0;
        bool const done = paramorph::linalg::exponential<Skew>(on, x.argument[0], x.result[0], x.result[1], steps);
        x.integer_result[2][0] = steps;
        return done;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        paramorph::linalg::scalar_squares<T> const on{x.shape[0].d[0]};
        return x.attribute.v[0] != 0 ? run<true>(on, x) : run<false>(on, x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<matrix_exp_adjoint>(g, n.attribute, n.first + 1, n.first + 2, a.cotangent[0]);
    }
};

}  // namespace op

template <matrix_kind Kind = matrix_kind::any, traced A>
constexpr auto matrix_exp(A const& a) {
    (void)detail::is_square<"matrix_exp", A>();
    return apply<op::matrix_exp, attributes{{Kind == matrix_kind::skew}}>(a);
}

}  // namespace paramorph::inline PARAMORPH_ABI
