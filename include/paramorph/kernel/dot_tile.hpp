// Tiles of dot products: sums of some vectors with others stay in registers, and their lanes are added at the end. The
// gradient of filters (kernel/convolution_filters.hpp) and long products with a transpose (kernel/matmul.hpp) are built
// of it. And one dot product alone.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

// sums[i * Columns + j] += left(i) right(j); the smaller number of vectors stays in registers while the others go by.
template <int Rows, int Columns, class V, class Left, class Right>
[[gnu::always_inline]] inline void add_dots(V (&sums)[Rows * Columns], Left const& left, Right const& right) noexcept {
    auto const sum = [&](auto i, auto j, V a, V b) __attribute__((always_inline)) {
        sums[i * Columns + j] = simd::fma(a, b, sums[i * Columns + j]);
    };
    if constexpr (Columns <= Rows) {
        V b[Columns];
        unrolled<Columns>([&](auto j) __attribute__((always_inline)) { b[j] = simd::in_register(right(j)); });
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            V const a = simd::in_register(left(i));
            unrolled<Columns>([&](auto j) __attribute__((always_inline)) { sum(i, j, a, b[j]); });
        });
    } else {
        V a[Rows];
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) { a[i] = simd::in_register(left(i)); });
        unrolled<Columns>([&](auto j) __attribute__((always_inline)) {
            V const b = simd::in_register(right(j));
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) { sum(i, j, a[i], b); });
        });
    }
}

// give(i, the lanes of sums[i] added).
template <int Count, class V, class Give>
[[gnu::always_inline]] inline void add_lanes(V const (&sums)[Count], Give const& give) noexcept {
    constexpr int width = simd::width<V>, squares = (Count + width - 1) / width;
    alignas(64) simd::value_t<V> lanes[squares * width];
    unrolled<squares>([&](auto k) __attribute__((always_inline)) {
        V square[width];
        unrolled<width>([&](auto i) __attribute__((always_inline)) {
            if constexpr (k * width + i < Count)
                square[i] = sums[k * width + i];
            else
                square[i] = simd::splat<V>(0);
        });
        simd::store(lanes + k * width,
                    simd::combine_rows(square, [](V a, V b) __attribute__((always_inline)) { return a + b; }));
    });
    unrolled<Count>([&](auto i) __attribute__((always_inline)) { give(i, lanes[i]); });
}

// The sum of x[k] y[k], in an order that follows from Size alone.
template <class V, int Size>
[[gnu::always_inline]] inline simd::value_t<V> dot_in_lanes(simd::value_t<V> const* x,
                                                            simd::value_t<V> const* y) noexcept {
    constexpr int width = simd::width<V>, chains = 4, step = chains * width, rest = Size % width;
    V sum[chains];
    unrolled<chains>([&](auto i) __attribute__((always_inline)) { sum[i] = simd::splat<V>(0); });
    auto const add = [&](auto i, int k) __attribute__((always_inline)) {
        sum[i] = simd::fma(simd::load<V>(x + k), simd::load<V>(y + k), sum[i]);
    };
    int k = 0;
    for (; k + step <= Size; k += step)
        unrolled<chains>([&](auto i) __attribute__((always_inline)) { add(i, k + i * width); });
    unrolled<Size % step / width>([&](auto i) __attribute__((always_inline)) { add(i, k + i * width); });
    if constexpr (rest != 0)
        sum[3] = simd::fma(simd::load_partial<V>(x + Size - rest, rest), simd::load_partial<V>(y + Size - rest, rest),
                           sum[3]);
    return simd::reduce_add((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
