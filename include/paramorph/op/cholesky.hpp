// cholesky(a): the lower triangular l with a = l l^T and a positive diagonal; a [n, n] symmetric positive definite.
// Only the lower triangle of a is read.
//
// Adjoint: that of a symmetric a, hence a symmetric matrix: l^-T s l^-1 with s = (tril(x) + tril<-1>(x)^T) / 2 and
// x = l^T c (Murray 2016, "Differentiation of the Cholesky decomposition", equation 10; torch's cholesky_backward).
// Errors: a matrix that is not positive definite or not finite fails the program's status. Cost: n^3 / 3 operations.
// Source: torch.linalg.cholesky.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/cholesky.hpp"
#include "paramorph/core/fixed_string.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

template <fixed_string Says = "cholesky: the matrix is not positive definite or not finite">
struct cholesky : dense<cholesky<Says>, 1> {
    static constexpr std::string_view name = "cholesky";
    static constexpr char const* requirement = Says.text;
    using uses = ops<add, multiply, constant, matmul, transpose, triangle, triangular_solve>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return order * order * order / 3;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return paramorph::linalg::cholesky<paramorph::linalg::scalar_blocks<T>>(x.argument[0], x.result[0],
                                                                                x.shape[0].d[0]);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        constexpr attributes swapped{{1, 0, 2, 3}}, lower_transposed{{0, 1, 0}};
        int const product = push_with<matmul>(g, attributes{{1, 0}}, n.first, a.cotangent[0]);
        // tril(x) + tril(x, -1)^T is symmetric; half of it is s.
        int const below = push_with<triangle>(g, attributes{{-1, -1}}, product);
        int const s = push<multiply>(g, append_constant(g, 0.5),
                                     push<add>(g, push_with<triangle>(g, attributes{{0, -1}}, product),
                                               push_with<transpose>(g, swapped, below)));
        int const left = push_with<triangular_solve>(g, lower_transposed, n.first, s);
        a.of_argument[0] =
            push_with<triangular_solve>(g, lower_transposed, n.first, push_with<transpose>(g, swapped, left));
    }
};

}  // namespace op

template <traced A>
constexpr auto cholesky(A const& a) {
    (void)detail::is_square<"cholesky", A>();
    return apply<op::cholesky<>>(a);
}

namespace detail {

// The same for a function that is not about factors: where there is none it fails with this sentence.
template <fixed_string Says>
constexpr auto cholesky_or(auto const& a) {
    return apply<op::cholesky<Says>>(a);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
