// Panels: some columns of a matrix, copied so that their rows follow one another as whole vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel::detail {

// Room for a panel: on the stack, or what the workspace has for it.
template <class T, int Size, bool OnStack>
struct panel_room {
    alignas(64) T at[Size];
    explicit panel_room(T*) {}
};
template <class T, int Size>
struct panel_room<T, Size, false> {
    T* at;
    explicit panel_room(T* workspace) : at(workspace) {}
};

// Copies a row of Columns elements into whole vectors, padded with zeros.
template <class V, int Columns, class B>
[[gnu::always_inline]] inline void pack_row(B const* from, simd::value_t<V>* to) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, last = Columns % width;
    unrolled<vectors>([&](int v) __attribute__((always_inline)) {
        bool const partial = last != 0 && v == vectors - 1;
        simd::store(to + v * width,
                    partial ? simd::load_partial<V>(from + v * width, last) : simd::load<V>(from + v * width));
    });
}

// Copies the Columns elements of a row of whole vectors back.
template <class V, int Columns>
[[gnu::always_inline]] inline void unpack_row(simd::value_t<V> const* from, simd::value_t<V>* to) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, last = Columns % width;
    unrolled<vectors>([&](int v) __attribute__((always_inline)) {
        V const x = simd::load<V>(from + v * width);
        if (last != 0 && v == vectors - 1)
            simd::store_partial(to + v * width, x, last);
        else
            simd::store(to + v * width, x);
    });
}

// Copies `depth` rows of Columns elements of B, or of its transpose.
template <class V, int Columns, bool TransposeB, class B>
void pack_panel(B const* b, std::ptrdiff_t b_stride, simd::value_t<V>* to, int depth) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width;
    if constexpr (!TransposeB) {
        for (int k = 0; k < depth; ++k, b += b_stride, to += vectors * width) pack_row<V, Columns>(b, to);
    } else {
        for (int k = 0; k < depth; k += width, to += vectors * width * width)
            unrolled<vectors>([&](int v) __attribute__((always_inline)) {
                int const lanes = std::min(width, depth - k);
                V square[width];
                unrolled<width>([&](int j) __attribute__((always_inline)) {
                    int const column = v * width + j;
                    auto const* const p = b + column * b_stride + k;
                    if (column >= Columns)
                        square[j] = simd::splat<V>(0);
                    else
                        square[j] = lanes == width ? simd::load<V>(p) : simd::load_partial<V>(p, lanes);
                });
                simd::transpose(square);
                unrolled<width>([&](int j) __attribute__((always_inline)) {
                    simd::store(to + (j * vectors + v) * width, square[j]);
                });
            });
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel::detail
