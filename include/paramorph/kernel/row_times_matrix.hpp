// A row times a matrix, or times its transpose: sums of rows of the matrix, or dot products with its rows, with at
// least the target's number of accumulators (eight) side by side.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/kernel/target.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

// A whole vector, or the first lanes of one.
template <class V>
[[gnu::always_inline]] inline V load_some(simd::value_t<V> const* p, int lanes) noexcept {
    return lanes == simd::width<V> ? simd::load<V>(p) : simd::load_partial<V>(p, lanes);
}
template <class V>
[[gnu::always_inline]] inline void store_some(simd::value_t<V>* p, V x, int lanes) noexcept {
    lanes == simd::width<V> ? simd::store(p, x) : simd::store_partial(p, x, lanes);
}

// sums[v] += the sum over k of x[k] load(row k of B, v), rows `stride` apart. At least the target's number of chains
// of additions run side by side.
template <class V, int Count, class X, class B, class Load>
[[gnu::always_inline]] inline void add_rows(V (&sums)[Count], X const* x, B const* b, std::ptrdiff_t stride, int depth,
                                            Load const& load) noexcept {
    constexpr int chains = (target_of<V>.chains + Count - 1) / Count;
    V all[chains * Count];
    unrolled<chains * Count>([&](auto i) __attribute__((always_inline)) {
        if constexpr (i < Count)
            all[i] = sums[i];
        else
            all[i] = simd::splat<V>(0);
    });
    auto const add = [&](auto chain, auto const* from, auto const* weight) __attribute__((always_inline)) {
        V const factor = simd::splat<V>(simd::value_t<V>(*weight));
        unrolled<Count>([&](auto v) __attribute__((always_inline)) {
            V& sum = all[chain * Count + v];
            sum = simd::fma(factor, load(from, v), sum);
        });
    };
    int k = 0;
    for (; k + chains <= depth; k += chains, b += chains * stride)
        unrolled<chains>([&](auto i) __attribute__((always_inline)) { add(i, b + i * stride, x + k + i); });
    if constexpr (chains > 1)
        for (; k < depth; ++k, b += stride) add(std::integral_constant<int, 0>{}, b, x + k);
    unrolled<Count>([&](auto v) __attribute__((always_inline)) {
        sums[v] = all[v];
        unrolled<chains - 1>([&](auto i)
                                 __attribute__((always_inline)) { sums[v] = sums[v] + all[(i + 1) * Count + v]; });
    });
}

// y = x B for Columns consecutive columns of B [depth, stride]; the last vector overlaps the one before it when
// Columns is not a multiple of the width.
template <class V, int Columns, class X, class B>
void sum_rows(X const* x, B const* b, std::ptrdiff_t stride, simd::value_t<V>* y, int depth) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width;
    constexpr auto column = [](int v) { return std::min(v * width, std::max(0, Columns - width)); };
    V sums[vectors];
    unrolled<vectors>([&](auto v) __attribute__((always_inline)) { sums[v] = simd::splat<V>(0); });
    add_rows(sums, x, b, stride, depth, [&](auto const* from, auto v) __attribute__((always_inline)) {
        if constexpr (Columns < width)
            return simd::load_partial<V>(from, Columns);
        else
            return simd::load<V>(from + column(v));
    });
    unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
        if constexpr (Columns < width)
            simd::store_partial(y, sums[v], Columns);
        else
            simd::store(y + column(v), sums[v]);
    });
}

// In lane i the dot product of x and row i of B [Rows, depth], for at most width<V> rows; zero in the lanes beyond.
// With scales, each number of row i is first multiplied by scales[i].
template <class V, int Rows, class X, class B, class... Scale>
V dot_rows(X const* x, B const* b, std::ptrdiff_t stride, int depth, Scale const*... scales) noexcept {
    auto const scaled = [&]([[maybe_unused]] auto i, V weight)
                            __attribute__((always_inline)) { return (weight * ... * simd::splat<V>(scales[i])); };
    constexpr int width = simd::width<V>, chains = (target_of<V>.chains + Rows - 1) / Rows;
    V sums[chains * Rows];
    unrolled<chains * Rows>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
    int k = 0;
    for (; k + chains * width <= depth; k += chains * width)
        unrolled<chains>([&](auto chain) __attribute__((always_inline)) {
            int const at = k + chain * width;
            V const factor = simd::load<V>(x + at);
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                V& sum = sums[chain * Rows + i];
                sum = simd::fma(factor, scaled(i, simd::load<V>(b + i * stride + at)), sum);
            });
        });
    for (; k < depth; k += width) {
        int const lanes = std::min(width, depth - k);
        V const factor = simd::load_partial<V>(x + k, lanes);
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            sums[i] = simd::fma(factor, scaled(i, simd::load_partial<V>(b + i * stride + k, lanes)), sums[i]);
        });
    }
    V square[width];
    unrolled<width>([&](auto i) __attribute__((always_inline)) {
        if constexpr (i < Rows) {
            square[i] = sums[i];
            unrolled<1, chains>([&](auto chain)
                                    __attribute__((always_inline)) { square[i] = square[i] + sums[chain * Rows + i]; });
        } else
            square[i] = simd::splat<V>(0);
    });
    return simd::combine_rows(square, [](V a, V c) __attribute__((always_inline)) { return a + c; });
}

// Of a matrix with so many numbers in a row, rows that are read side by side.
template <class V>
constexpr int dots_together(long long stride) {
    return std::min(simd::width<V>, target_of<V>.rows_side_by_side(stride * sizeof(simd::value_t<V>)));
}

// Columns whose sums are computed together, of each of so many parts of a row: as many as a tile of a product has, or
// an even share of them.
template <class V>
constexpr int sums_together(int columns, int parts_of_row = 1) {
    constexpr int width = simd::width<V>, tile = target_of<V>.vector_tile.rows * target_of<V>.vector_tile.vectors;
    int const most = std::max(1, tile / parts_of_row);
    int const vectors = (columns + width - 1) / width, parts = (vectors + most - 1) / most;
    return (vectors + parts - 1) / parts * width;
}

// y = x op(B), one row: [K] times [K, N], or times the transpose of [N, K], whose rows are Depth apart and may have
// scales.
template <class V, int N, int K, bool TransposeB, int Depth = K, class X, class B, class... Scale>
void multiply_row(X const* x, B const* b, simd::value_t<V>* y, Scale const*... scales) noexcept {
    static_assert(TransposeB || sizeof...(Scale) == 0);
    constexpr int step = TransposeB ? dots_together<V>(Depth) : sums_together<V>(N);
    for (int j = 0; j + step <= N; j += step)
        if constexpr (TransposeB)
            store_some<V>(y + j, dot_rows<V, step>(x, b + std::ptrdiff_t(j) * Depth, Depth, K, (scales + j)...), step);
        else
            sum_rows<V, step>(x, b + j, N, y + j, K);
    if constexpr (constexpr int rest = N % step; rest != 0) {
        if constexpr (TransposeB)
            simd::store_partial(
                y + N - rest,
                dot_rows<V, rest>(x, b + std::ptrdiff_t(N - rest) * Depth, Depth, K, (scales + (N - rest))...), rest);
        else
            sum_rows<V, rest>(x, b + N - rest, N, y + N - rest, K);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
