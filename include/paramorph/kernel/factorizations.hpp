// The vectorised kernels of inverses, triangular solves, determinants and factorizations.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>

#include "paramorph/kernel/blocks.hpp"
#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/lu.hpp"
#include "paramorph/kernel/squares.hpp"
#include "paramorph/kernel/triangular.hpp"
#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/determinant.hpp"
#include "paramorph/op/eigh.hpp"
#include "paramorph/op/householder_product.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/lu.hpp"
#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/op/qr.hpp"
#include "paramorph/op/rotation_log.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <>
struct dense_kernel<op::triangular_solve> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0], columns = Node::shape(1).d[1];
        constexpr attributes at = Node::attribute;
        if (!op::triangular_solve::holds(x.argument[0], n, at)) return false;
        triangular_solve<V, n, columns, at.v[1] != 0, at.v[0] == at.v[1], at.v[2] != 0,
                         Node::template panels_on_stack<V>>(x.argument[0], x.argument[1], x.result[0], x.panels);
        if (!linalg::detail::all_finite(x.result[0], n * columns)) [[unlikely]]
            op::triangular_solve::by_elements(x);
        return true;
    }
};

template <>
struct dense_kernel<op::inverse> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0];
        constexpr bool on_stack = Node::template panels_on_stack<V>;
        return op::inverse::run<vector_blocks<V>>(
            x, n, std::integral_constant<int, Node::attribute.v[0]>{},
            [&] { return lu_factor<V, n, on_stack>(x.argument[0], x.result[1], x.integer_result[2], x.panels); },
            [&] { lu_solve<V, n, n, on_stack>(x.result[1], x.integer_result[2], x.result[0], x.result[0], x.panels); });
    }
};

template <fixed_string Says>
struct dense_kernel<op::cholesky<Says>> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        return linalg::cholesky<vector_blocks<V>>(x.argument[0], x.result[0], Node::shape(0).d[0]);
    }
};

template <>
struct dense_kernel<op::transposed_inverse> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0];
        if (!op::transposed_inverse::prepare(x.argument[0], x.result[0], n)) return false;
        lu_solve_transposed<V, n, n, Node::template panels_on_stack<V>>(x.argument[0], x.integer[1], x.result[0],
                                                                        x.result[0], x.panels);
        return true;
    }
};

template <>
struct dense_kernel<op::cofactors> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0];
        bool const invertible = op::transposed_inverse::prepare(x.argument[1], x.result[0], n);
        if (invertible) lu_solve_transposed<V, n, n>(x.argument[1], x.integer[2], x.result[0], x.result[0]);
        return op::cofactors::finish<vector_blocks<V>>(x, invertible);
    }
};

template <class Op>
struct kernel_of_pivots {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0];
        return Op::template finish<accurate>(
            x, lu_factor<V, n, Node::template panels_on_stack<V>>(x.argument[0], x.result[Op::count],
                                                                  x.integer_result[Op::count + 1], x.panels));
    }
};
template <>
struct dense_kernel<op::det> : kernel_of_pivots<op::det> {};
template <>
struct dense_kernel<op::slogdet> : kernel_of_pivots<op::slogdet> {};

template <>
struct dense_kernel<op::lu> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0];
        if (!lu_factor<V, n, Node::template panels_on_stack<V>>(x.argument[0], x.result[1], x.integer_result[3],
                                                                x.panels))
            return false;
        op::lu::split(x, n);
        return true;
    }
};

// What is written against blocks alone.
template <class Op>
struct kernel_on_blocks {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        return Op::template run<vector_blocks<V>>(x);
    }
};
template <>
struct dense_kernel<op::qr> : kernel_on_blocks<op::qr> {};
template <>
struct dense_kernel<op::householder_product> : kernel_on_blocks<op::householder_product> {};
template <>
struct dense_kernel<op::householder_product_adjoint> : kernel_on_blocks<op::householder_product_adjoint> {};
template <>
struct dense_kernel<op::eigh> : kernel_on_blocks<op::eigh> {};

template <class Op>
struct kernel_of_logarithm {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        return Op::template run<vector_blocks<V>>(vector_squares<V, Node::shape(0).d[0]>{}, x);
    }
};
template <>
struct dense_kernel<op::rotation_log> : kernel_of_logarithm<op::rotation_log> {};
template <>
struct dense_kernel<op::rotation_log_adjoint> : kernel_of_logarithm<op::rotation_log_adjoint> {};

template <class Op, int SquareArgument>
struct kernel_on_squares {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        return Op::template run < Node::attribute.v[0] !=
               0 > (vector_squares<V, Node::shape(SquareArgument).d[0]>{}, x);
    }
};
template <>
struct dense_kernel<op::matrix_exp> : kernel_on_squares<op::matrix_exp, 0> {};
template <>
struct dense_kernel<op::matrix_exp_adjoint> : kernel_on_squares<op::matrix_exp_adjoint, 2> {};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
