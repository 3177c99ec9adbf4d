// Weights that are stored as integers of eight bits with a scale for each row (embed/int8_storage.hpp), in programs:
// the numbers that they are, for whatever reads those, and one row times such a matrix, which is read where it lies.
//
// Errors: none. Cost: a conversion and a multiplication for each weight. Source: embed/int8_storage.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/row_product.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Integers times the scale of their row: q [n, ...], s [n, 1, ...].
struct dequantize : elementwise<dequantize, 2> {
    static constexpr std::string_view name = "dequantize";
    template <class M, class V>
    static constexpr V value(V q, V s) {
        return q * s;
    }
};

// One row times the transpose of integers with scales: x [1, k], q [n, k], s [n, 1] -> [1, n], summed in the order of
// `matmul`.
struct scaled_row_product : dense<scaled_row_product, 3> {
    static constexpr std::string_view name = "scaled_row_product";
    static constexpr bool reads_stored = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[0];
        s.d[s.rank - 1] = a[1].d[0];
        return s;
    }
    static constexpr double flops(auto const& g, node const& n) { return 3.0 * g.shape_of(n.argument[1]).size(); }
    static constexpr bool row_product(auto const&, node const&, bool) { return true; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const outputs = x.shape[1].d[0], depth = x.shape[1].d[1];
        for (int j = 0; j < outputs; ++j) {
            T total = 0;
            for (int k = 0; k < depth; ++k)
                total += x.argument[0][k] * (x.argument[1][j * depth + k] * x.argument[2][j]);
            x.result[0][j] = total;
        }
        return true;
    }
};

}  // namespace op

namespace kernel {

template <>
struct dense_kernel<op::scaled_row_product> {
    template <class Node, class V, class X>
    static bool run(X const& x) noexcept {
        constexpr extents q = Node::shape(1);
        detail::multiply_row<V, q.d[0], q.d[1], true>(stored_argument<Node, 0>(x), stored_argument<Node, 1>(x),
                                                      x.result[0], stored_argument<Node, 2>(x));
        return true;
    }
};

template <class C, int Node, class V>
struct row_of<op::scaled_row_product, C, Node, V> : row_of<op::matmul, C, Node, V> {
    using product = row_of<op::matmul, C, Node, V>;
    using T = simd::value_t<V>;
    using product::depth, product::row, product::matrix;
    T const* scales;

    [[gnu::always_inline]] explicit row_of(frame const& f)
        : product(f), scales(address<C, product::call::call.argument[2], T>(f)) {}
    template <int Parts, int Count, int Apart, int Room>
    [[gnu::always_inline]] void compute(index j, T (&sums)[Parts][Room]) const {
        if constexpr (simd::width<V> > 1)
            unrolled<Parts>([&](auto p) __attribute__((always_inline)) {
                index const first = j + p * Apart;
                simd::store(sums[p],
                            detail::dot_rows<V, Count>(row, matrix + first * depth, depth, depth, scales + first));
            });
        else {
            constexpr int apart = Parts == 1 ? 1 : Apart;
            T computed[Parts * Count] = {}, scale[Parts * Count];
            unrolled<Parts * Count>([&](auto i) __attribute__((always_inline)) { scale[i] = scales[j + i * apart]; });
            for (int k = 0; k < depth; ++k) {
                auto const x = T(row[k]);
                unrolled<Parts * Count>([&](auto i) __attribute__((always_inline)) {
                    computed[i] = simd::fma(x, T(matrix[(j + i * apart) * depth + k]) * scale[i], computed[i]);
                });
            }
            unrolled<Parts * Count>([&](auto i) __attribute__((always_inline)) {
                sums[Parts == 1 ? 0 : int(i)][Parts == 1 ? int(i) : 0] = computed[i];
            });
        }
    }
};

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
