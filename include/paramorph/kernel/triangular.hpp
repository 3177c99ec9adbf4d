// Triangular solves for compile-time sizes, on panels two vectors wide. Six rows at a time are held in registers, take
// off the product of what is above (or below) them and are solved against the triangle on the diagonal, all without
// leaving the registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include "paramorph/compat/simd.hpp"
#include "paramorph/core/cmath.hpp"
#include "paramorph/kernel/panel.hpp"
#include "paramorph/kernel/register_tile.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// The element (i, k) of a triangular system: of the factors [n, n], or of their transpose.
template <bool Transpose>
constexpr std::ptrdiff_t at(std::ptrdiff_t i, std::ptrdiff_t k, std::ptrdiff_t n) {
    return Transpose ? k * n + i : i * n + k;
}

// Solves the rows `row` to `row + Rows` of a triangular system in the panel [n, Vectors * width<V>], whose rows above
// (Lower) or below (otherwise) are solved already. Unit: ones on the diagonal, never read.
template <class V, int Rows, int Vectors, bool Transpose, bool Lower, bool Unit>
void substitute_tile(simd::value_t<V> const* lu, int n, simd::value_t<V>* panel, int row) noexcept {
    constexpr int width = simd::width<V>, stride = Vectors * width;
    int const first = Lower ? 0 : row + Rows, depth = Lower ? row : n - row - Rows;
    auto* const here = panel + std::ptrdiff_t(row) * stride;
    V x[Rows * Vectors];
    load_tile(x, here);
    accumulate<Rows, Vectors, Transpose, false, true>(x, lu + at<Transpose>(row, first, n), n,
                                                      panel + std::ptrdiff_t(first) * stride, stride, depth);
    auto const* const corner = lu + at<Transpose>(row, row, n);
    unrolled<Rows>([&](auto step) __attribute__((always_inline)) {
        constexpr int i = Lower ? step : Rows - 1 - step;
        V factor;
        unrolled<step * Vectors>([&](auto before) __attribute__((always_inline)) {
            constexpr int k = Lower ? before / Vectors : Rows - 1 - before / Vectors, v = before % Vectors;
            if constexpr (v == 0) factor = simd::splat<V>(corner[at<Transpose>(i, k, n)]);
            x[i * Vectors + v] = simd::fnma(factor, x[k * Vectors + v], x[i * Vectors + v]);
        });
        if constexpr (!Unit) {
            simd::value_t<V> const diagonal = corner[at<Transpose>(i, i, n)];
            V const inverse = simd::splat<V>(1 / diagonal);
            if (std::abs(diagonal) >= std::numeric_limits<simd::value_t<V>>::min()) [[likely]]
                unrolled<Vectors>(
                    [&](auto v) __attribute__((always_inline)) { x[i * Vectors + v] = x[i * Vectors + v] * inverse; });
            else  // the reciprocal of a subnormal number does not fit
                unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                    x[i * Vectors + v] = x[i * Vectors + v] / simd::splat<V>(diagonal);
                });
        }
    });
    store_tile(x, here);
}

// Solves a whole panel of `Rows` rows in place.
template <class V, int Rows, int Vectors, bool Transpose, bool Lower, bool Unit>
void substitute(simd::value_t<V> const* lu, simd::value_t<V>* panel) noexcept {
    using split = split_rows<Rows, tile_rows<V, Rows>>;
    for (int step = 0; step < split::count; ++step) {
        int const tile = Lower ? step : split::count - 1 - step;
        int const row = tile * split::rows + std::min(tile, split::taller);
        if (tile < split::taller)
            substitute_tile<V, split::rows + (split::taller > 0), Vectors, Transpose, Lower, Unit>(lu, Rows, panel,
                                                                                                   row);
        else
            substitute_tile<V, split::rows, Vectors, Transpose, Lower, Unit>(lu, Rows, panel, row);
    }
}

template <class V, int N, int Columns, bool Transpose, bool Lower, bool Unit, bool OnStack>
void triangular_panel(simd::value_t<V> const* t, simd::value_t<V> const* b, simd::value_t<V>* x, std::ptrdiff_t stride,
                      simd::value_t<V>* panels) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width;
    panel_room<simd::value_t<V>, N * vectors * width, OnStack> room(panels);
    simd::value_t<V>* const panel = room.at;
    pack_panel<V, Columns, false>(b, stride, panel, N);
    substitute<V, N, vectors, Transpose, Lower, Unit>(t, panel);
    for (int i = 0; i < N; ++i) unpack_row<V, Columns>(panel + i * vectors * width, x + i * stride);
}

}  // namespace detail

// Solves op(T) X = B for the triangle of op(T), T or its transpose, that Lower names; what T holds elsewhere is not
// read, nor its diagonal where Unit. T [N, N], B and X [N, Columns], row-major; x may be b. Cost: N^2 Columns
// operations and one panel (N rows of two vectors), on the stack or in `panels`.
template <class V, int N, int Columns, bool Transpose, bool Lower, bool Unit, bool OnStack = true>
void triangular_solve(simd::value_t<V> const* t, simd::value_t<V> const* b, simd::value_t<V>* x,
                      simd::value_t<V>* panels = nullptr) noexcept {
    constexpr int step = simd::width<V> * detail::tile_vectors<V, N + 4>, rest = Columns % step;
    for (int j = 0; j + step <= Columns; j += step)
        detail::triangular_panel<V, N, step, Transpose, Lower, Unit, OnStack>(t, b + j, x + j, Columns, panels);
    if constexpr (rest != 0)
        detail::triangular_panel<V, N, rest, Transpose, Lower, Unit, OnStack>(t, b + Columns - rest, x + Columns - rest,
                                                                              Columns, panels);
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
