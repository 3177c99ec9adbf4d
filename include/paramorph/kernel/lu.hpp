// LU factorization with partial pivoting, and the solves A X = B and A^T X = B, for compile-time sizes.
//
// Both work on panels two vectors wide, of the right-hand side or of A itself, copied to the stack or the workspace
// with their rows in pivot order, and solve them as kernel/triangular.hpp does. Factoring looks left (Golub and Van
// Loan, "Matrix Computations", 4th ed., section 3.2): a panel is updated once, by a product as long as the columns
// before it, then factored transposed, so that columns are contiguous and the search for the pivot, the scaling and the
// updates are vector loops.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/core/cmath.hpp"
#include "paramorph/kernel/panel.hpp"
#include "paramorph/kernel/register_tile.hpp"
#include "paramorph/kernel/triangular.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// Solves for the columns `first` to `first + Columns` of B [N, stride].
template <class V, int N, int Columns, bool Transpose, bool OnStack>
void solve_panel(simd::value_t<V> const* lu, std::int32_t const* pivots, simd::value_t<V> const* b, simd::value_t<V>* x,
                 std::ptrdiff_t stride, simd::value_t<V>* panels) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width;
    panel_room<simd::value_t<V>, N * vectors * width, OnStack> room(panels);
    simd::value_t<V>* const panel = room.at;
    for (int i = 0; i < N; ++i)
        pack_row<V, Columns>(b + (Transpose ? i : pivots[i]) * stride, panel + i * vectors * width);
    substitute<V, N, vectors, Transpose, true, !Transpose>(lu, panel);
    substitute<V, N, vectors, Transpose, false, Transpose>(lu, panel);
    for (int i = 0; i < N; ++i)
        unpack_row<V, Columns>(panel + i * vectors * width, x + (Transpose ? pivots[i] : i) * stride);
}

template <class V, int N, int Columns, bool Transpose, bool OnStack>
void solve_columns(simd::value_t<V> const* lu, std::int32_t const* pivots, simd::value_t<V> const* b,
                   simd::value_t<V>* x, simd::value_t<V>* panels) noexcept {
    constexpr int step = simd::width<V> * tile_vectors<V, N + 4>, rest = Columns % step;
    for (int j = 0; j + step <= Columns; j += step)
        solve_panel<V, N, step, Transpose, OnStack>(lu, pivots, b + j, x + j, Columns, panels);
    if constexpr (rest != 0)
        solve_panel<V, N, rest, Transpose, OnStack>(lu, pivots, b + Columns - rest, x + Columns - rest, Columns,
                                                    panels);
}

// Factors the rows from `row` on of a transposed panel: column j is at panel + j * stride, `stride` a multiple of the
// width, everything past the last row zero. Rows are swapped through `swap(i, p)`; false when no pivot is left.
template <class V, class Swap>
bool factor_panel(simd::value_t<V>* panel, int stride, int row, int columns, Swap swap) noexcept {
    using T = simd::value_t<V>;
    constexpr int width = simd::width<V>;
    V const lanes = simd::iota<V>();
    for (int k = 0; k < columns; ++k) {
        T* const column = panel + k * stride;
        int const i = row + k, start = i / width * width;
        auto const tail = [&](int from, V v) __attribute__((always_inline)) {  // zero in lanes before row i
            return from < i ? simd::select(lanes >= simd::splat<V>(T(i - from)), v, simd::splat<V>(0)) : v;
        };
        V most = simd::splat<V>(0);
        for (int at = start; at < stride; at += width)
            most = simd::max(simd::abs(tail(at, simd::load<V>(column + at))), most);
        T const largest = simd::reduce_max(most);
        if (!(largest > 0 && largest <= std::numeric_limits<T>::max())) return false;
        int p = i;
        while (p < stride && !(std::abs(column[p]) == largest)) ++p;
        if (p == stride) return false;
        if (p != i) {
            for (int j = 0; j < columns; ++j) std::swap(panel[j * stride + i], panel[j * stride + p]);
            swap(i, p);
        }
        V const pivot = simd::splat<V>(column[i]);
        T const diagonal = column[i];
        for (int at = start; at < stride; at += width) {
            V const old = simd::load<V>(column + at);
            simd::store(column + at,
                        at <= i ? simd::select(lanes > simd::splat<V>(T(i - at)), old / pivot, old) : old / pivot);
        }
        column[i] = 0;  // so that the updates below leave row i alone
        for (int j = k + 1; j < columns; ++j) {
            T* const other = panel + j * stride;
            V const factor = simd::splat<V>(other[i]);
            for (int at = start; at < stride; at += width)
                simd::store(other + at,
                            simd::fnma(tail(at, simd::load<V>(column + at)), factor, simd::load<V>(other + at)));
        }
        column[i] = diagonal;
    }
    return true;
}

// The columns J to J + Columns of the factorization: copied in pivot order, updated, factored, written to lu.
template <class V, int N, int Columns, bool OnStack>
bool factor_columns(simd::value_t<V> const* a, simd::value_t<V>* lu, std::int32_t* pivots, int first,
                    simd::value_t<V>* panels) noexcept {
    using T = simd::value_t<V>;
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width;
    constexpr int panel_width = vectors * width, stride = (N + width - 1) / width * width;
    constexpr int rows = tile_rows<V, N>;
    panel_room<T, 2 * stride * panel_width, OnStack> room(panels);
    T *const panel = room.at, *const columns = panel + stride * panel_width;
    for (int i = 0; i < N; ++i)
        pack_row<V, Columns>(a + std::ptrdiff_t(pivots[i]) * N + first, panel + i * panel_width);
    std::fill(panel + N * panel_width, panel + stride * panel_width, T(0));
    // Rows above the panel's square: a triangular solve. Rows from there on: minus the product with what came out.
    auto const update = [&]<int Rows>(int i, int depth) __attribute__((always_inline)) {
        V x[Rows * vectors];
        T* const here = panel + i * panel_width;
        load_tile(x, here);
        accumulate<Rows, vectors, false, false, true>(x, lu + std::ptrdiff_t(i) * N, N, panel, panel_width, depth);
        store_tile(x, here);
    };
    int i = 0;
    if (first != 0) {
        for (; i + 4 <= first; i += 4) substitute_tile<V, 4, vectors, false, true, true>(lu, N, panel, i);
        for (; i < first; ++i) substitute_tile<V, 1, vectors, false, true, true>(lu, N, panel, i);
        for (; i + rows <= N; i += rows) update.template operator()<rows>(i, first);
        for (; i < N; ++i) update.template operator()<1>(i, first);
    }
    auto const turn = [&](bool back) __attribute__((always_inline)) {
        for (int at = first / width * width; at < stride; at += width)
            unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
                V square[width];
                T* const tall = panel + at * panel_width + v * width;
                T* const wide = columns + v * width * stride + at;
                unrolled<width>([&](auto j) __attribute__((always_inline)) {
                    square[j] = simd::load<V>(back ? wide + j * stride : tall + j * panel_width);
                });
                simd::transpose(square);
                unrolled<width>([&](auto j) __attribute__((always_inline)) {
                    simd::store(back ? tall + j * panel_width : wide + j * stride, square[j]);
                });
            });
    };
    turn(false);
    bool const done = factor_panel<V>(columns, stride, first, Columns, [&](int k, int p) noexcept {
        std::swap(pivots[k], pivots[p]);
        for (int j = 0; j < first; ++j) std::swap(lu[std::ptrdiff_t(k) * N + j], lu[std::ptrdiff_t(p) * N + j]);
    });
    if (!done) return false;
    turn(true);
    for (int i = 0; i < N; ++i) unpack_row<V, Columns>(panel + i * panel_width, lu + std::ptrdiff_t(i) * N + first);
    return true;
}

}  // namespace detail

// Factors P A = L U by partial pivoting: L below the diagonal of `lu` (its ones are not stored), U on and above it.
//
// Shapes: A and lu [N, N], row-major; pivots [N]: row i of P A is row pivots[i] of A (a permutation, not a list of
// swaps). lu must not overlap A. Returns false, with lu and pivots unspecified, when a pivot is zero or not finite; a
// number that is not finite anywhere in A ends there too. Cost: 2/3 N^3 operations, two panels
// (N rows of two vectors, N rounded up to whole vectors), on the stack or in `panels`.
template <class V, int N, bool OnStack = true>
bool lu_factor(simd::value_t<V> const* a, simd::value_t<V>* lu, std::int32_t* pivots,
               simd::value_t<V>* panels = nullptr) noexcept {
    constexpr int step = simd::width<V> * detail::tile_vectors<V, N + 4>, rest = N % step;
    for (int i = 0; i < N; ++i) pivots[i] = i;
    for (int j = 0; j + step <= N; j += step)
        if (!detail::factor_columns<V, N, step, OnStack>(a, lu, pivots, j, panels)) return false;
    if constexpr (rest != 0) return detail::factor_columns<V, N, rest, OnStack>(a, lu, pivots, N - rest, panels);
    return true;
}

// Solves A X = B from the factors of A. B and X [N, Columns], row-major; x may be b. Cost: 2 N^2 Columns operations
// and one panel (N rows of two vectors), on the stack or in `panels`.
template <class V, int N, int Columns, bool OnStack = true>
void lu_solve(simd::value_t<V> const* lu, std::int32_t const* pivots, simd::value_t<V> const* b, simd::value_t<V>* x,
              simd::value_t<V>* panels = nullptr) noexcept {
    detail::solve_columns<V, N, Columns, false, OnStack>(lu, pivots, b, x, panels);
}

// Solves A^T X = B from the factors of A; everything else as in lu_solve.
template <class V, int N, int Columns, bool OnStack = true>
void lu_solve_transposed(simd::value_t<V> const* lu, std::int32_t const* pivots, simd::value_t<V> const* b,
                         simd::value_t<V>* x, simd::value_t<V>* panels = nullptr) noexcept {
    detail::solve_columns<V, N, Columns, true, OnStack>(lu, pivots, b, x, panels);
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
