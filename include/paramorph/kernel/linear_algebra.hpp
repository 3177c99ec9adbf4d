// The vectorised kernels of the dense operations that have one: matmul, solve and its adjoint, svd; those of
// kernel/convolution.hpp, kernel/factorizations.hpp and kernel/power_iteration.hpp are included.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/convolution.hpp"
#include "paramorph/kernel/convolution_filters.hpp"
#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/factorizations.hpp"
#include "paramorph/kernel/lu.hpp"
#include "paramorph/kernel/matmul.hpp"
#include "paramorph/kernel/power_iteration.hpp"
#include "paramorph/kernel/svd.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/svd.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <>
struct dense_kernel<op::matmul> {
    // A part of one product: of its tiles.
    template <class Node, class V, class X, class Part = all_of_it>
    static bool run(X const& x, Part part = {}) noexcept {
        constexpr bool ta = Node::attribute.v[0] != 0, tb = Node::attribute.v[1] != 0;
        constexpr op::batch_of_products p(Node::shape(0), Node::shape(1), Node::attribute);
        simd::value_t<V>* to = x.result[0];
        for (int o = 0; o < p.outer; ++o)
            for (int m = 0; m < p.middle; ++m, to += p.rows * p.columns)
                matmul<V, p.rows, p.columns, p.inner, ta, tb>(
                    stored_argument<Node, 0>(x) + o * p.left[0] + m * p.left[1],
                    stored_argument<Node, 1>(x) + o * p.right[0] + m * p.right[1], to, part);
        return true;
    }
};

template <>
struct dense_kernel<op::solve> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0], columns = Node::shape(1).d[1];
        constexpr bool on_stack = Node::template panels_on_stack<V>;
        if (!lu_factor<V, n, on_stack>(x.argument[0], x.result[1], x.integer_result[2], x.panels)) return false;
        lu_solve<V, n, columns, on_stack>(x.result[1], x.integer_result[2], x.argument[1], x.result[0], x.panels);
        if (!linalg::detail::all_finite(x.result[0], n * columns)) [[unlikely]]  // as in triangular_solve
            linalg::lu_solve(x.result[1], x.integer_result[2], x.argument[1], x.result[0], n, columns);
        return true;
    }
};

template <>
struct dense_kernel<op::lu_solve> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr int n = Node::shape(0).d[0], columns = Node::shape(2).d[1];
        constexpr bool on_stack = Node::template panels_on_stack<V>;
        if constexpr (Node::attribute.v[0] != 0)
            lu_solve_transposed<V, n, columns, on_stack>(x.argument[0], x.integer[1], x.argument[2], x.result[0],
                                                         x.panels);
        else
            lu_solve<V, n, columns, on_stack>(x.argument[0], x.integer[1], x.argument[2], x.result[0], x.panels);
        if (!linalg::detail::all_finite(x.result[0], n * columns)) [[unlikely]]
            op::lu_solve::compute<accurate>(x);
        return true;
    }
};

template <>
struct dense_kernel<op::svd> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        return svd<V, Node::shape(0).d[0], Node::shape(0).d[1]>(x.argument[0], x.result[0], x.result[1], x.result[2],
                                                                x.result[3]);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
