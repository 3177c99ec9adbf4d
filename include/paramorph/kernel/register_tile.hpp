// A tile of a product that stays in registers: its height and width, and the sums that it gathers. kernel/matmul.hpp
// and the factorizations are built of it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <utility>

#include "paramorph/kernel/target.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

// The register tile of a C of M rows: its height, and its width in vectors.
template <class V, int M>
inline constexpr int tile_rows = target_of<V>.product_tile(element_of<simd::value_t<V>>, M).rows;
template <class V, int M>
inline constexpr int tile_vectors = target_of<V>.product_tile(element_of<simd::value_t<V>>, M).vectors;

// How `M` rows are dealt out: `count` tiles, the first `taller` of them one row higher than `rows`.
template <int M, int Limit>
struct split_rows {
    static constexpr int count = (M + Limit - 1) / Limit;
    static constexpr int rows = M / count;
    static constexpr int taller = M % count;
};

// sum + a b in a tile of a convolution. Where factors wait in registers while vectors go by, or the target says so,
// the sum stays in its register.
template <bool FactorsWait, class V>
[[gnu::always_inline]] inline V add_in_tile(V sum, V a, V b) noexcept {
    if constexpr (FactorsWait || target_of<V>.keeps_sums)
        return simd::add_product(sum, a, b);
    else
        return simd::fma(a, b, sum);
}
// The registers of a tile are read from contiguous memory, or written to it.
template <class V, std::size_t Count>
[[gnu::always_inline]] inline void load_tile(V (&tile)[Count], simd::value_t<V> const* p) noexcept {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        ((tile[I] = simd::load<V>(p + I * simd::width<V>)), ...);
    }(std::make_index_sequence<Count>{});
}
template <class V, std::size_t Count>
[[gnu::always_inline]] inline void store_tile(V const (&tile)[Count], simd::value_t<V>* p) noexcept {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        (simd::store(p + I * simd::width<V>, tile[I]), ...);
    }(std::make_index_sequence<Count>{});
}

// sums += A B, or -= when Subtract, over `depth` columns of A. A is read one element at a time, from columns when
// TransposeA; B is read in vectors, from columns when TransposeB (scalars only).
template <int Rows, int Vectors, bool TransposeA, bool TransposeB, bool Subtract, class V, class A, class B>
[[gnu::always_inline]] inline void accumulate(V (&sums)[Rows * Vectors], A const* a, std::ptrdiff_t a_stride,
                                              B const* b, std::ptrdiff_t b_stride, int depth) noexcept {
    static_assert(!TransposeB || simd::width<V> == 1, "accumulate reads a transposed B only with scalars: pack it");
    for (int k = 0; k < depth; ++k) {
        // The smaller number of vectors stays in registers while the others go by. (Scalars are factors of a
        // multiplication straight from memory.)
        if constexpr (Rows < Vectors && simd::width<V> > 1) {
            V x[Rows];
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                x[i] = simd::splat<V>(simd::value_t<V>(a[TransposeA ? std::ptrdiff_t(i) : i * a_stride]));
            });
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                V const y = simd::in_register(
                    simd::load<V>(b + (TransposeB ? v * b_stride : std::ptrdiff_t(v * simd::width<V>))));
                unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                    V& sum = sums[i * Vectors + v];
                    sum = Subtract ? simd::fnma(x[i], y, sum) : simd::fma(x[i], y, sum);
                });
            });
        } else {
            V row[Vectors];
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                row[v] = simd::load<V>(b + (TransposeB ? v * b_stride : std::ptrdiff_t(v * simd::width<V>)));
            });
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                V const x = simd::splat<V>(simd::value_t<V>(a[TransposeA ? std::ptrdiff_t(i) : i * a_stride]));
                unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                    V& sum = sums[i * Vectors + v];
                    sum = Subtract ? simd::fnma(x, row[v], sum) : simd::fma(x, row[v], sum);
                });
            });
        }
        a += TransposeA ? a_stride : 1;
        b += TransposeB ? 1 : b_stride;
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
