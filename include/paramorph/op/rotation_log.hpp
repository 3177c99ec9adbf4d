// rotation_log(q): the principal logarithm of a rotation matrix [n, n], the skew matrix a with exp(a) = q whose angles
// lie below pi; the inverse of matrix_exp<matrix_kind::skew>.
//
// Adjoint: q times a skew matrix, which is all that a rotation can follow; core/rotation_log.hpp derives it. It holds
// for equal angles too. Accuracy: epsilon / (pi - t) for the largest angle t. Errors: a matrix that is no rotation up
// to rounding (q q^T differs from I by more than 4096 epsilon, or q reflects), that is not finite, or that turns by pi
// fails the program's status. Cost: eigenvectors of a symmetric matrix by Jacobi's method; ten products for the
// gradient. Source: Higham 2008, "Functions of Matrices", chapter 11.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/rotation_log.hpp"
#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: the rotation, its logarithm, eigenvectors and below them angles [n + 1, n], the cotangent. Results: the
// adjoint, scratch.
struct rotation_log_adjoint : dense<rotation_log_adjoint, 4, 2> {
    static constexpr std::string_view name = "rotation_log_adjoint";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[0] : extents{2, {4 * a[0].d[0], a[0].d[0]}};
    }
    template <class Rows, class Squares, class T>
    static constexpr bool run(Squares const& on, operands<T> const& x) noexcept {
        int const size = x.shape[0].size();
        paramorph::linalg::rotation_log_adjoint(on, x.argument[0], x.argument[1], x.argument[2], x.argument[2] + size,
                                                x.argument[3], x.result[0], x.result[1]);
        return true;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return run<paramorph::linalg::scalar_blocks<T>>(paramorph::linalg::scalar_squares<T>{x.shape[0].d[0]}, x);
    }
};

// Results: the logarithm, the eigenvectors with the angles below [n + 1, n], scratch.
struct rotation_log : dense<rotation_log, 1, 3> {
    static constexpr std::string_view name = "rotation_log";
    static constexpr char const* requirement = "rotation_log: the matrix is no rotation, or it turns by pi";
    using uses = ops<rotation_log_adjoint>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        int const n = a[0].d[0];
        return result == 0 ? a[0] : extents{2, {result == 1 ? n + 1 : 3 * n, n}};
    }
    template <class Rows, class Squares, class T>
    static constexpr bool run(Squares const& on, operands<T> const& x) noexcept {
        return paramorph::linalg::rotation_log<Rows>(on, x.argument[0], x.result[0], x.result[1],
                                                     x.result[1] + x.shape[0].size(), x.result[2]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return run<paramorph::linalg::scalar_blocks<T>>(paramorph::linalg::scalar_squares<T>{x.shape[0].d[0]}, x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<rotation_log_adjoint>(g, n.argument[0], n.first, n.first + 1, a.cotangent[0]);
    }
};

}  // namespace op

template <traced Q>
constexpr auto rotation_log(Q const& q) {
    (void)detail::is_square<"rotation_log", Q>();
    return apply<op::rotation_log>(q);
}

}  // namespace paramorph::inline PARAMORPH_ABI
