// A step of power iteration on vectors: some rows of the matrix at a time, first for m v, then, while they are in the
// first cache, for m^T m v. A matrix that is small enough for that cache goes through m v first.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/row_times_matrix.hpp"
#include "paramorph/op/power_iteration.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// y[i] = f(y[i]...) for n numbers, the last ones in a partial vector: f(load, store).
template <class V, class F>
[[gnu::always_inline]] inline void each_vector(int n, F const& f) noexcept {
    constexpr int width = simd::width<V>;
    int i = 0;
    for (; i + width <= n; i += width) f(i, width);
    if (i < n) f(i, n - i);
}
// u = B v for Rows rows of B [Rows, Columns], and z += B^T u.
template <class V, int Rows, int Columns>
void both_products(simd::value_t<V> const* b, simd::value_t<V> const* v, simd::value_t<V>* u,
                   simd::value_t<V>* z) noexcept {
    store_some<V>(u, dot_rows<V, Rows>(v, b, Columns, Columns), Rows);
    V factor[Rows];
    unrolled<Rows>([&](auto i) __attribute__((always_inline)) { factor[i] = simd::splat<V>(u[i]); });
    each_vector<V>(Columns, [&](int j, int lanes) __attribute__((always_inline)) {
        V even = load_some<V>(z + j, lanes), odd = simd::splat<V>(0);
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            V& sum = i % 2 == 0 ? even : odd;
            sum = simd::fma(factor[i], load_some<V>(b + i * std::ptrdiff_t(Columns) + j, lanes), sum);
        });
        store_some<V>(z + j, even + odd, lanes);
    });
}

}  // namespace detail

template <class Eps, direction Direction>
struct dense_kernel<op::power_iteration<Eps, Direction>> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        using T = simd::value_t<V>;
        constexpr int rows = Node::shape(0).d[0], columns = Node::shape(0).d[1], first_cache = target_of<V>.l1_bytes;
        T *const u = x.result[0], *const z = x.result[1];
        if constexpr (index(rows) * columns * index(sizeof(T)) <= first_cache) {
            detail::multiply_row<V, rows, columns, true>(x.argument[1], x.argument[0], u);
            detail::multiply_row<V, columns, rows, false>(u, x.argument[0], z);
        } else {
            // As many rows as half of the cache holds, and a vector has lanes.
            constexpr int fitting = first_cache / 2 / (columns * int(sizeof(T)));
            constexpr int block = std::clamp(fitting, 1, std::min(simd::width<V>, target_of<V>.chains)),
                          rest = rows % block;
            std::fill_n(z, columns, T(0));
            T const* from = x.argument[0];
            int i = 0;
            for (; i + block <= rows; i += block, from += std::ptrdiff_t(block) * columns)
                detail::both_products<V, block, columns>(from, x.argument[1], u + i, z);
            if constexpr (rest != 0) detail::both_products<V, rest, columns>(from, x.argument[1], u + i, z);
        }
        op::power_iteration<Eps, Direction>::template finish<accurate>(
            x,
            [](T const* y, int n) {
                V sum = simd::splat<V>(0);
                detail::each_vector<V>(n, [&](int k, int lanes) __attribute__((always_inline)) {
                    V const e = detail::load_some<V>(y + k, lanes);
                    sum = simd::fma(e, e, sum);
                });
                return simd::reduce_add(sum);
            },
            [](T* y, int n, T factor) {
                detail::each_vector<V>(n, [&](int k, int lanes) __attribute__((always_inline)) {
                    detail::store_some<V>(y + k, simd::splat<V>(factor) * detail::load_some<V>(y + k, lanes), lanes);
                });
            });
        return true;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
