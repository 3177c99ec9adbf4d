// Dense matrix product of compile-time sizes: C = op(A) op(B), all row-major and contiguous.
//
// A register tile of C (6 rows of 2 vectors; 4 x 4 for scalars) is kept in registers while K runs. Rows of C are dealt
// out evenly, so a matrix needs at most two tile heights and never a scalar remainder. B is read in panels as wide as a
// tile. A panel is first copied into a 16 KiB buffer on the stack when that pays: when B is transposed (copied by
// transposes in registers), when the panel is narrower than a vector, or when B does not stay in the first-level cache.
// A product with one row or one column has its own loops: sums of rows of B, or dot products, with at least eight
// accumulators. Blocking after Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "paramorph/compat/simd_tiles.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::kernel {

namespace detail {

/// The register tile of C: its height, and its width in vectors (wider when there are too few rows to fill a tile).
template <class V, int M>
inline constexpr int tile_rows = simd::width<V> > 1 ? 6 : 4;
template <class V, int M>
inline constexpr int tile_vectors = simd::width<V> == 1 || M <= 3 ? 4 : 2;

/// How `M` rows are dealt out: `count` tiles, the first `taller` of them one row higher than `rows`.
template <int M, int Limit>
struct split_rows {
    static constexpr int count = (M + Limit - 1) / Limit;
    static constexpr int rows = M / count;
    static constexpr int taller = M % count;
};

/// sums += A B, or -= when Subtract, over `depth` columns of A. A is read one element at a time, from columns when
/// TransposeA; B is read in vectors, from columns when TransposeB (scalars only).
template <int Rows, int Vectors, bool TransposeA, bool TransposeB, bool Subtract, class V, class T>
[[gnu::always_inline]] inline void accumulate(V (&sums)[Rows * Vectors], T const* a, std::ptrdiff_t a_stride,
                                              T const* b, std::ptrdiff_t b_stride, int depth) noexcept {
    static_assert(!TransposeB || simd::width<V> == 1, "accumulate reads a transposed B only with scalars: pack it");
    for (int k = 0; k < depth; ++k) {
        V row[Vectors];
        unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
            row[v] = simd::load<V>(b + (TransposeB ? v * b_stride : std::ptrdiff_t(v * simd::width<V>)));
        });
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            V const x = simd::splat<V>(a[TransposeA ? std::ptrdiff_t(i) : i * a_stride]);
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                V& sum = sums[i * Vectors + v];
                sum = Subtract ? simd::fnma(x, row[v], sum) : simd::fma(x, row[v], sum);
            });
        });
        a += TransposeA ? a_stride : 1;
        b += TransposeB ? 1 : b_stride;
    }
}

/// One tile of C = A B, or C += A B when Add; `Columns` of the tile's Vectors * width columns exist in C.
template <class V, int Rows, int Columns, bool TransposeA, bool TransposeB, bool Add>
void multiply_tile(simd::value_t<V> const* a, std::ptrdiff_t a_stride, simd::value_t<V> const* b,
                   std::ptrdiff_t b_stride, simd::value_t<V>* c, std::ptrdiff_t c_stride, int depth) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, last = Columns % width;
    V sums[Rows * vectors];
    unrolled<Rows * vectors>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
    accumulate<Rows, vectors, TransposeA, TransposeB, false>(sums, a, a_stride, b, b_stride, depth);
    unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
        unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
            auto* const p = c + i * c_stride + v * width;
            V sum = sums[i * vectors + v];
            if constexpr (last != 0 && v == vectors - 1) {
                if constexpr (Add) sum = sum + simd::load_partial<V>(p, last);
                simd::store_partial(p, sum, last);
            } else {
                if constexpr (Add) sum = sum + simd::load<V>(p);
                simd::store(p, sum);
            }
        });
    });
}

/// Copies `depth` rows of Columns elements of B, or of its transpose, into rows of whole vectors, padded with zeros.
template <class V, int Columns, bool TransposeB>
void pack_panel(simd::value_t<V> const* b, std::ptrdiff_t b_stride, simd::value_t<V>* to, int depth) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, last = Columns % width;
    if constexpr (!TransposeB) {
        for (int k = 0; k < depth; ++k, b += b_stride, to += vectors * width)
            unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
                constexpr bool partial = last != 0 && v == vectors - 1;
                simd::store(to + v * width,
                            partial ? simd::load_partial<V>(b + v * width, last) : simd::load<V>(b + v * width));
            });
    } else {
        for (int k = 0; k < depth; k += width, to += vectors * width * width)
            unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
                int const lanes = std::min(width, depth - k);
                V square[width];
                unrolled<width>([&](auto j) __attribute__((always_inline)) {
                    constexpr int column = v * width + j;
                    auto const* const p = b + column * b_stride + k;
                    if constexpr (column >= Columns)
                        square[j] = simd::splat<V>(0);
                    else
                        square[j] = lanes == width ? simd::load<V>(p) : simd::load_partial<V>(p, lanes);
                });
                simd::transpose(square);
                unrolled<width>([&](auto j) __attribute__((always_inline)) {
                    simd::store(to + (j * vectors + v) * width, square[j]);
                });
            });
    }
}

/// All tiles of a panel of C, for the rows of the tiles `first` to `end`.
template <class V, int M, int Columns, bool TransposeA, bool TransposeB, bool Add>
void multiply_panel(simd::value_t<V> const* a, std::ptrdiff_t a_stride, simd::value_t<V> const* b,
                    std::ptrdiff_t b_stride, simd::value_t<V>* c, std::ptrdiff_t c_stride, int depth, int first,
                    int end) noexcept {
    using split = split_rows<M, tile_rows<V, M>>;
    for (int tile = first; tile < end; ++tile) {
        int const row = tile * split::rows + std::min(tile, split::taller);
        auto const* const from = a + (TransposeA ? row : row * a_stride);
        auto* const to = c + row * c_stride;
        if (tile < split::taller)
            multiply_tile<V, split::rows + (split::taller > 0), Columns, TransposeA, TransposeB, Add>(
                from, a_stride, b, b_stride, to, c_stride, depth);
        else
            multiply_tile<V, split::rows, Columns, TransposeA, TransposeB, Add>(from, a_stride, b, b_stride, to,
                                                                                c_stride, depth);
    }
}

/// The tiles of C that begin above row `end`.
template <class Split>
inline int tiles_above(int end) noexcept {
    int tile = 0;
    while (tile < Split::count && tile * Split::rows + std::min(tile, Split::taller) < end) ++tile;
    return tile;
}

/// The blocked product; see the top of this file. Upper: what lies below the diagonal of C is left alone, tiles that
/// meet it excepted.
template <class V, int M, int N, int K, bool TransposeA, bool TransposeB, bool Upper = false>
void multiply(simd::value_t<V> const* a, simd::value_t<V> const* b, simd::value_t<V>* c) noexcept {
    using T = simd::value_t<V>;
    using split = split_rows<M, tile_rows<V, M>>;
    constexpr int width = simd::width<V>, panel = width * tile_vectors<V, M>, rest = N % panel;
    constexpr bool batch = width > 1;
    // Where B is not packed, neither K nor M need be blocked: B is small, or there are few rows.
    constexpr int ragged = rest % width == 0 ? 0 : (rest + width - 1) / width * width;
    constexpr bool pack = batch && (TransposeB || (split::count > 2 && K * N * int(sizeof(T)) > 16 * 1024) ||
                                    K * ragged * int(sizeof(T)) > 16 * 1024);
    constexpr bool pack_rest = pack || rest % width != 0;
    constexpr int limit = 16 * 1024 / int(panel * sizeof(T));
    constexpr int blocks = pack ? (K + limit - 1) / limit : 1, block = ((K + blocks - 1) / blocks + 7) / 8 * 8;
    constexpr int tiles = pack ? 48 : split::count;
    constexpr int room = pack ? block * panel : pack_rest ? (K + 7) / 8 * 8 * ((rest + width - 1) / width * width) : 1;
    alignas(64) T buffer[room + (pack && width > 8 ? width * panel : 0)];

    auto const columns = [&]<int Columns, bool Pack, bool Add>(int j, int k, int depth, int first,
                                                               int end) __attribute__((always_inline)) {
        if constexpr (Upper) end = std::min(end, tiles_above<split>(j + Columns));
        if (Upper && first >= end) return;
        auto const* const from = b + (TransposeB ? j * std::ptrdiff_t(K) + k : k * std::ptrdiff_t(N) + j);
        auto const* const left = a + (TransposeA ? k * std::ptrdiff_t(M) : k);
        if constexpr (Pack) {
            pack_panel<V, Columns, TransposeB>(from, TransposeB ? K : N, buffer, depth);
            multiply_panel<V, M, Columns, TransposeA, false, Add>(
                left, TransposeA ? M : K, buffer, (Columns + width - 1) / width * width, c + j, N, depth, first, end);
        } else {
            multiply_panel<V, M, Columns, TransposeA, TransposeB, Add>(left, TransposeA ? M : K, from,
                                                                       TransposeB ? K : N, c + j, N, depth, first, end);
        }
    };
    auto const rows = [&]<bool Add>(int k, int depth) __attribute__((always_inline)) {
        for (int first = 0; first < split::count; first += tiles) {
            int const end = std::min(first + tiles, split::count);
            for (int j = 0; j + panel <= N; j += panel)
                columns.template operator()<panel, pack, Add>(j, k, depth, first, end);
            if constexpr (rest != 0) columns.template operator()<rest, pack_rest, Add>(N - rest, k, depth, first, end);
        }
    };
    rows.template operator()<false>(0, std::min(block, K));
    if constexpr (blocks > 1)
        for (int k = block; k < K; k += block) rows.template operator()<true>(k, std::min(block, K - k));
}

/// y = x B for Columns consecutive columns of B [depth, stride]; the last vector overlaps the one before it when
/// Columns is not a multiple of the width. At least eight chains of additions run side by side.
template <class V, int Columns>
void sum_rows(simd::value_t<V> const* x, simd::value_t<V> const* b, std::ptrdiff_t stride, simd::value_t<V>* y,
              int depth) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, chains = (8 + vectors - 1) / vectors;
    constexpr auto column = [](int v) { return std::min(v * width, std::max(0, Columns - width)); };
    V sums[chains * vectors];
    unrolled<chains * vectors>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
    auto const add = [&](auto chain, auto const* from, auto const* weight) __attribute__((always_inline)) {
        V const factor = simd::splat<V>(*weight);
        unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
            V& sum = sums[chain * vectors + v];
            if constexpr (Columns < width)
                sum = simd::fma(factor, simd::load_partial<V>(from, Columns), sum);
            else
                sum = simd::fma(factor, simd::load<V>(from + column(v)), sum);
        });
    };
    int k = 0;
    for (; k + chains <= depth; k += chains, b += chains * stride)
        unrolled<chains>([&](auto i) __attribute__((always_inline)) { add(i, b + i * stride, x + k + i); });
    if constexpr (chains > 1)
        for (; k < depth; ++k, b += stride) add(std::integral_constant<int, 0>{}, b, x + k);
    unrolled<vectors>([&](auto v) __attribute__((always_inline)) {
        V sum = sums[v];
        unrolled<chains - 1>([&](auto i) __attribute__((always_inline)) { sum = sum + sums[(i + 1) * vectors + v]; });
        if constexpr (Columns < width)
            simd::store_partial(y, sum, Columns);
        else
            simd::store(y + column(v), sum);
    });
}

/// y[i] = the dot product of x and row i of B [Rows, depth], for at most width<V> rows.
template <class V, int Rows>
void dot_rows(simd::value_t<V> const* x, simd::value_t<V> const* b, std::ptrdiff_t stride, simd::value_t<V>* y,
              int depth) noexcept {
    constexpr int width = simd::width<V>, chains = (8 + Rows - 1) / Rows;
    V sums[chains * Rows];
    unrolled<chains * Rows>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
    int k = 0;
    for (; k + chains * width <= depth; k += chains * width)
        unrolled<chains>([&](auto chain) __attribute__((always_inline)) {
            int const at = k + chain * width;
            V const factor = simd::load<V>(x + at);
            unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                V& sum = sums[chain * Rows + i];
                sum = simd::fma(factor, simd::load<V>(b + i * stride + at), sum);
            });
        });
    for (; k < depth; k += width) {
        int const lanes = std::min(width, depth - k);
        V const factor = simd::load_partial<V>(x + k, lanes);
        unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            sums[i] = simd::fma(factor, simd::load_partial<V>(b + i * stride + k, lanes), sums[i]);
        });
    }
    V square[width];
    unrolled<width>([&](auto i) __attribute__((always_inline)) {
        square[i] = simd::splat<V>(0);
        if constexpr (i < Rows)
            unrolled<chains>([&](auto chain)
                                 __attribute__((always_inline)) { square[i] = square[i] + sums[chain * Rows + i]; });
    });
    simd::transpose(square);
    unrolled<width - 1>([&](auto i) __attribute__((always_inline)) { square[0] = square[0] + square[i + 1]; });
    simd::store_partial(y, square[0], Rows);
}

/// y = x op(B), one row: [K] times [K, N], or times the transpose of [N, K].
template <class V, int N, int K, bool TransposeB>
void multiply_row(simd::value_t<V> const* x, simd::value_t<V> const* b, simd::value_t<V>* y) noexcept {
    constexpr int width = simd::width<V>, step = TransposeB ? width : 8 * width;
    for (int j = 0; j + step <= N; j += step)
        if constexpr (TransposeB)
            dot_rows<V, step>(x, b + std::ptrdiff_t(j) * K, K, y + j, K);
        else
            sum_rows<V, step>(x, b + j, N, y + j, K);
    if constexpr (constexpr int rest = N % step; rest != 0) {
        if constexpr (TransposeB)
            dot_rows<V, rest>(x, b + std::ptrdiff_t(N - rest) * K, K, y + N - rest, K);
        else
            sum_rows<V, rest>(x, b + N - rest, N, y + N - rest, K);
    }
}

}  // namespace detail

/// C = op(A) op(B), where op transposes on demand.
///
/// Shapes: A [M, K] (or [K, M] when TransposeA), B [K, N] (or [N, K] when TransposeB), C [M, N], row-major, contiguous,
/// of any alignment; C is overwritten and must not overlap A or B. Sums run in several interleaved chains. Cost: one
/// pass over A per panel of C, at most 18 KiB of stack (none for scalars).
template <class V, int M, int N, int K, bool TransposeA = false, bool TransposeB = false>
void matmul(simd::value_t<V> const* a, simd::value_t<V> const* b, simd::value_t<V>* c) noexcept {
    static_assert(M > 0 && N > 0 && K > 0, "matmul: every extent must be at least 1");
    if constexpr (M == 1)
        detail::multiply_row<V, N, K, TransposeB || N == 1>(a, b, c);  // one column is a row of the transpose
    else if constexpr (N == 1)
        detail::multiply_row<V, M, K, !TransposeA>(b, a, c);
    else
        detail::multiply<V, M, N, K, TransposeA, TransposeB>(a, b, c);
}

}  // namespace paramorph::kernel
