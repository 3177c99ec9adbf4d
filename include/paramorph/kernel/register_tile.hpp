// A tile of a product that stays in registers: its height and width, and the sums that it gathers. kernel/matmul.hpp
// and the factorizations are built of it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include "paramorph/kernel/target.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

/// The register tile of a C of M rows: its height, and its width in vectors.
template <class V, int M>
inline constexpr int tile_rows = target_of<V>.product_tile(element_of<simd::value_t<V>>, M).rows;
template <class V, int M>
inline constexpr int tile_vectors = target_of<V>.product_tile(element_of<simd::value_t<V>>, M).vectors;

/// How `M` rows are dealt out: `count` tiles, the first `taller` of them one row higher than `rows`.
template <int M, int Limit>
struct split_rows {
    static constexpr int count = (M + Limit - 1) / Limit;
    static constexpr int rows = M / count;
    static constexpr int taller = M % count;
};

/// sum + a b in a tile of a convolution. Where factors wait in registers while vectors go by, or the target says so,
/// the sum stays in its register.
template <bool FactorsWait, class V>
[[gnu::always_inline]] inline V add_in_tile(V sum, V a, V b) noexcept {
    if constexpr (FactorsWait || target_of<V>.keeps_sums)
        return simd::add_product(sum, a, b);
    else
        return simd::fma(a, b, sum);
}

/// sums += A B, or -= when Subtract, over `depth` columns of A. A is read one element at a time, from columns when
/// TransposeA; B is read in vectors, from columns when TransposeB (scalars only).
template <int Rows, int Vectors, bool TransposeA, bool TransposeB, bool Subtract, class V, class A, class B>
[[gnu::always_inline]] inline void accumulate(V (&sums)[Rows * Vectors], A const* a, std::ptrdiff_t a_stride,
                                              B const* b, std::ptrdiff_t b_stride, int depth) noexcept {
    static_assert(!TransposeB || simd::width<V> == 1, "accumulate reads a transposed B only with scalars: pack it");
    for (int k = 0; k < depth; ++k) {
        auto const row = [&](auto v) __attribute__((always_inline)) {
            return simd::load<V>(b + (TransposeB ? v * b_stride : std::ptrdiff_t(v * simd::width<V>)));
        };
        auto const factor = [&](auto i) __attribute__((always_inline)) {
            return simd::splat<V>(simd::value_t<V>(a[TransposeA ? std::ptrdiff_t(i) : i * a_stride]));
        };
        auto const add = [&](auto i, auto v, V x, V y) __attribute__((always_inline)) {
            V& sum = sums[i * Vectors + v];
            sum = Subtract ? simd::fnma(x, y, sum) : simd::fma(x, y, sum);
        };
        // The smaller number of vectors stays in registers while the others go by.
        if constexpr (Rows < Vectors) {
            V x[Rows];
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) { x[i] = factor(i); });
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                V const y = simd::in_register(row(v));
                unrolled<Rows>([&](auto i) __attribute__((always_inline)) { add(i, v, x[i], y); });
            });
        } else {
            V y[Vectors];
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) { y[v] = row(v); });
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                V const x = factor(i);
                unrolled<Vectors>([&](auto v) __attribute__((always_inline)) { add(i, v, x, y[v]); });
            });
        }
        a += TransposeA ? a_stride : 1;
        b += TransposeB ? 1 : b_stride;
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
