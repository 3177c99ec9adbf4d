// Dense matrix product of compile-time sizes: C = op(A) op(B), all row-major and contiguous.
//
// A register tile of C (the target's: 6 rows of 2 vectors; 4 x 4 for scalars) is kept in registers while K runs. Rows
// of C are dealt out evenly, so a matrix needs at most two tile heights and never a scalar remainder. B is read in
// panels as wide as a tile. A panel is first copied into a buffer on the stack (the target's panel_bytes: 16 KiB) when
// that pays: when B is transposed (copied by transposes in registers), when the panel is narrower than a vector, or
// when B does not stay in the first-level cache. A product with one row or one column has its own loops
// (kernel/row_times_matrix.hpp), as has a long one with a transpose, whose rows are read along. Blocking after Goto and
// van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "paramorph/compat/simd.hpp"
#include "paramorph/kernel/dot_tile.hpp"
#include "paramorph/kernel/panel.hpp"
#include "paramorph/kernel/register_tile.hpp"
#include "paramorph/kernel/row_times_matrix.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Which of n equal pieces of work a call does: all of them, or those of part `at` of `of`.
struct all_of_it {
    static constexpr int first(int) { return 0; }
    static constexpr int last(int n) { return n; }
};
struct part_of_it {
    int at, of;
    constexpr int first(int n) const { return int(std::int64_t(n) * at / of); }
    constexpr int last(int n) const { return int(std::int64_t(n) * (at + 1) / of); }
};

namespace detail {

// One tile of C = A B, or C += A B when Add; `Columns` of the tile's Vectors * width columns exist in C.
template <class V, int Rows, int Columns, bool TransposeA, bool TransposeB, bool Add, class A, class B>
inline void multiply_tile(A const* a, std::ptrdiff_t a_stride, B const* b, std::ptrdiff_t b_stride, simd::value_t<V>* c,
                          std::ptrdiff_t c_stride, int depth) noexcept {
    constexpr int width = simd::width<V>, vectors = (Columns + width - 1) / width, last = Columns % width;
    V sums[Rows * vectors];
    set_all(sums, simd::splat<V>(0));
    accumulate<Rows, vectors, TransposeA, TransposeB, false>(sums, a, a_stride, b, b_stride, depth);
    unrolled<Rows * vectors>([&](int i) __attribute__((always_inline)) {
        int const row = i / vectors, v = i % vectors;
        auto* const p = c + row * c_stride + v * width;
        V sum = sums[i];
        if constexpr (last != 0)
            if (v == vectors - 1) {
                if constexpr (Add) sum = sum + simd::load_partial<V>(p, last);
                simd::store_partial(p, sum, last);
                return;
            }
        if constexpr (Add) sum = sum + simd::load<V>(p);
        simd::store(p, sum);
    });
}

// All tiles of a panel of C, for the rows of the tiles `first` to `end`.
template <class V, class Split, int Columns, bool TransposeA, bool TransposeB, bool Add, class A, class B>
void multiply_panel(A const* a, std::ptrdiff_t a_stride, B const* b, std::ptrdiff_t b_stride, simd::value_t<V>* c,
                    std::ptrdiff_t c_stride, int depth, int first, int end) noexcept {
    for (int tile = first; tile < end; ++tile) {
        int const row = tile * Split::rows + std::min(tile, Split::taller);
        auto const* const from = a + (TransposeA ? row : row * a_stride);
        auto* const to = c + row * c_stride;
        if (tile < Split::taller)
            multiply_tile<V, Split::rows + (Split::taller > 0), Columns, TransposeA, TransposeB, Add>(
                from, a_stride, b, b_stride, to, c_stride, depth);
        else
            multiply_tile<V, Split::rows, Columns, TransposeA, TransposeB, Add>(from, a_stride, b, b_stride, to,
                                                                                c_stride, depth);
    }
}

// The tiles of C that begin above row `end`.
template <class Split>
inline int tiles_above(int end) noexcept {
    int tile = 0;
    while (tile < Split::count && tile * Split::rows + std::min(tile, Split::taller) < end) ++tile;
    return tile;
}

// The blocked product; see the top of this file. Upper: what lies below the diagonal of C is left alone, tiles that
// meet it excepted. Depth: what A and B have of the inner extent, of which K are multiplied.
template <class V, int M, int N, int K, bool TransposeA, bool TransposeB, bool Upper = false, int Depth = K, class A,
          class B, class Part = all_of_it>
void multiply(A const* a, B const* b, simd::value_t<V>* c, Part part = {}) noexcept {
    using T = simd::value_t<V>;
    constexpr register_tile in_registers =
        TransposeB ? target_of<V>.product_tile(element_of<T>, M) : target_of<V>.product_tile(element_of<T>, M, N, K);
    using split = split_rows<M, in_registers.rows>;
    constexpr int width = simd::width<V>, panel = width * in_registers.vectors, rest = N % panel;
    constexpr bool batch = width > 1;
    // Where B is not packed, neither K nor M need be blocked: B is small, or there are few rows.
    constexpr int ragged = rest % width == 0 ? 0 : (rest + width - 1) / width * width;
    constexpr int most = target_of<V>.panel_bytes;
    constexpr bool pack = batch && (TransposeB || (split::count > 2 && K * N * int(sizeof(T)) > most) ||
                                    K * ragged * int(sizeof(T)) > most);
    constexpr bool pack_rest = pack || rest % width != 0;
    constexpr int limit = most / int(panel * sizeof(T));
    constexpr int blocks = pack ? (K + limit - 1) / limit : 1, block = ((K + blocks - 1) / blocks + 7) / 8 * 8;
    constexpr int tiles = pack ? target_of<V>.tile_rows_of_a_panel : split::count;
    constexpr int room = pack ? block * panel : pack_rest ? (K + 7) / 8 * 8 * ((rest + width - 1) / width * width) : 1;
    alignas(64) T buffer[room + (pack && width > 8 ? width * panel : 0)];

    auto const columns = [&]<int Columns, bool Pack, bool Add>(int j, int k, int depth, int first,
                                                               int end) __attribute__((always_inline)) {
        if constexpr (Upper) end = std::min(end, tiles_above<split>(j + Columns));
        if (Upper && first >= end) return;
        auto const* const from = b + (TransposeB ? j * std::ptrdiff_t(Depth) + k : k * std::ptrdiff_t(N) + j);
        auto const* const left = a + (TransposeA ? k * std::ptrdiff_t(M) : k);
        if constexpr (Pack) {
            pack_panel<V, Columns, TransposeB>(from, TransposeB ? Depth : N, buffer, depth);
            multiply_panel<V, split, Columns, TransposeA, false, Add>(left, TransposeA ? M : Depth, buffer,
                                                                      (Columns + width - 1) / width * width, c + j, N,
                                                                      depth, first, end);
        } else {
            multiply_panel<V, split, Columns, TransposeA, TransposeB, Add>(
                left, TransposeA ? M : Depth, from, TransposeB ? Depth : N, c + j, N, depth, first, end);
        }
    };
    auto const rows = [&]<bool Add>(int k, int depth) __attribute__((always_inline)) {
        int const last = part.last(split::count);
        for (int first = part.first(split::count); first < last; first += tiles) {
            int const end = std::min(first + tiles, last);
            for (int j = 0; j + panel <= N; j += panel)
                columns.template operator()<panel, pack, Add>(j, k, depth, first, end);
            if constexpr (rest != 0) columns.template operator()<rest, pack_rest, Add>(N - rest, k, depth, first, end);
        }
    };
    rows.template operator()<false>(0, std::min(block, K));
    if constexpr (blocks > 1)
        for (int k = block; k < K; k += block) rows.template operator()<true>(k, std::min(block, K - k));
}

// The product of K of the Depth rows of B.
template <class V, int M, int N, int K, bool TransposeA, bool TransposeB, int Depth, class A, class B,
          class Part = all_of_it>
void multiply_part(A const* a, B const* b, simd::value_t<V>* c, Part part = {}) noexcept {
    if constexpr (M == 1)
        multiply_row<V, N, K, TransposeB || N == 1, Depth>(a, b, c);  // one column is a row of the transpose
    else if constexpr (N == 1)
        multiply_row<V, M, K, !TransposeA, Depth>(b, a, c);
    else
        multiply<V, M, N, K, TransposeA, TransposeB, false, Depth>(a, b, c, part);
}

// One tile of C = A B^T, or C += A B^T when Add, of rows of A and of B that are so far apart.
template <class V, int Rows, int Columns, bool Add, class A, class B>
void dot_tile(A const* a, B const* b, std::ptrdiff_t apart, simd::value_t<V>* c, int c_stride, int depth) noexcept {
    V sums[Rows * Columns];
    unrolled<Rows * Columns>([&](auto i) __attribute__((always_inline)) { sums[i] = simd::splat<V>(0); });
    auto const add = [&](auto const& load, int k) __attribute__((always_inline)) {
        add_dots<Rows, Columns>(
            sums, [&](auto i) __attribute__((always_inline)) { return load(a + i * apart + k); },
            [&](auto j) __attribute__((always_inline)) { return load(b + j * apart + k); });
    };
    int k = 0;
    for (; k + simd::width<V> <= depth; k += simd::width<V>)
        add([](auto const* p) __attribute__((always_inline)) { return simd::load<V>(p); }, k);
    if (int const left = depth - k; left > 0)
        add([left](auto const* p) __attribute__((always_inline)) { return simd::load_partial<V>(p, left); }, k);
    add_lanes(sums, [&](auto i, simd::value_t<V> sum) __attribute__((always_inline)) {
        auto& to = c[i / Columns * c_stride + i % Columns];
        to = Add ? to + sum : sum;
    });
}

// C = A B^T, or C += A B^T when Add, for `depth` columns of A and B, whose rows have Depth.
template <class V, int M, int N, int Depth, bool Add, class A, class B, class Part = all_of_it>
void multiply_rows(A const* a, B const* b, simd::value_t<V>* c, int depth, Part part = {}) noexcept {
    constexpr register_tile in_registers = target_of<V>.filter_tile(M, N);
    using rows = split_rows<M, in_registers.rows>;
    using columns = split_rows<N, in_registers.vectors>;
    for (int i = part.first(rows::count); i < part.last(rows::count); ++i) {
        int const row = i * rows::rows + std::min(i, rows::taller);
        auto const of_rows = [&]<int Rows>() __attribute__((always_inline)) {
            for (int j = 0; j < columns::count; ++j) {
                int const column = j * columns::rows + std::min(j, columns::taller);
                auto const* const from = a + row * std::ptrdiff_t(Depth);
                auto const* const with = b + column * std::ptrdiff_t(Depth);
                auto* const to = c + row * N + column;
                if (j < columns::taller)
                    dot_tile<V, Rows, columns::rows + (columns::taller > 0), Add>(from, with, Depth, to, N, depth);
                else
                    dot_tile<V, Rows, columns::rows, Add>(from, with, Depth, to, N, depth);
            }
        };
        if (i < rows::taller)
            of_rows.template operator()<rows::rows + (rows::taller > 0)>();
        else
            of_rows.template operator()<rows::rows>();
    }
}

// Beyond this depth a product is a sum of products of 128 rows, which are added pairwise; of 128 vectors, where rows
// are read along.
inline constexpr int long_depth = 2048, depth_of_a_part = 128;

template <class V>
inline constexpr int columns_of_a_part = std::min(1024, depth_of_a_part* simd::width<V>);

// Are both read along their rows? B would be transposed for few columns, which are no whole panel, and stays in the
// second-level cache by parts.
template <class V, int M, int N, int K, bool TransposeA, bool TransposeB>
inline constexpr bool along_rows =
    !TransposeA && TransposeB && simd::width<V> > 1 && M > 1 && N > 1 &&
    K > long_depth&& target_of<V>.multiplies_along_rows(N* columns_of_a_part<V>* int(sizeof(simd::value_t<V>)));

template <class V, int M, int N, int K>
inline constexpr bool is_long = K > long_depth&& std::ptrdiff_t(M) * N* std::bit_width(unsigned(K / depth_of_a_part)) *
                                        std::ptrdiff_t(sizeof(simd::value_t<V>)) <=
                                target_of<V>.panel_bytes;

template <class V, int M, int N, int K, bool TransposeA, bool TransposeB, class A, class B>
void multiply_long(A const* a, B const* b, simd::value_t<V>* c) noexcept {
    using T = simd::value_t<V>;
    constexpr bool rows = along_rows<V, M, N, K, TransposeA, TransposeB>;
    constexpr int part = rows ? columns_of_a_part<V> : depth_of_a_part, rest = K % part;
    constexpr int levels = std::bit_width(unsigned(K / part));
    alignas(64) T sums[levels][M * N];
    std::size_t parts = 0;
    auto const plus = [](T* to, T const* x) {
        for (int i = 0; i < M * N; ++i) to[i] += x[i];
    };
    auto const multiply_from = [&]<int Rows>(std::ptrdiff_t k) {
        auto const* const from = a + (TransposeA ? k * M : k);
        auto const* const with = b + (TransposeB ? k : k * N);
        if constexpr (rows)
            multiply_rows<V, M, N, K, false>(from, with, c, Rows);
        else
            multiply_part<V, M, N, Rows, TransposeA, TransposeB, K>(from, with, c);
    };
    for (std::ptrdiff_t k = 0; k + part <= K; k += part) {
        multiply_from.template operator()<part>(k);
        int level = 0;
        for (std::size_t p = parts++; p & 1; p >>= 1) plus(c, sums[level++]);
        std::copy_n(c, M * N, sums[level]);
    }
    if constexpr (rest != 0)
        multiply_from.template operator()<rest>(K - rest);
    else
        std::fill_n(c, M * N, T(0));
    for (int level = 0; level < levels; ++level)
        if (parts >> level & 1) plus(c, sums[level]);
}

}  // namespace detail

// C = op(A) op(B), where op transposes on demand.
//
// Shapes: A [M, K] (or [K, M] when TransposeA), B [K, N] (or [N, K] when TransposeB), C [M, N], row-major, contiguous,
// of any alignment; C is overwritten and must not overlap A or B. A and B are read in the types in which they are
// stored, with the same result to the bit as if they were converted before. Accuracy: sums run in interleaved chains,
// an error of K / 2 epsilon at most of the sum of magnitudes; for K beyond 2048 and a C of up to 1 kB or more (16 kB
// over the logarithm of K) within 4 (log2 K + 8) epsilon. Cost: one pass over A per panel of C, at most 18 KiB of
// stack (none for scalars), 34 for such long sums. A part of it computes some of its tiles, to the same bits, where
// `has_parts`.
template <class V, int M, int N, int K, bool TransposeA = false, bool TransposeB = false, class A, class B,
          class Part = all_of_it>
void matmul(A const* a, B const* b, simd::value_t<V>* c, Part part = {}) noexcept {
    static_assert(M > 0 && N > 0 && K > 0, "matmul: every extent must be at least 1");
    if constexpr (detail::is_long<V, M, N, K>)
        detail::multiply_long<V, M, N, K, TransposeA, TransposeB>(a, b, c);
    else if constexpr (detail::along_rows<V, M, N, K, TransposeA, TransposeB>) {
        constexpr int most = detail::columns_of_a_part<V>;
        detail::multiply_rows<V, M, N, K, false>(a, b, c, most, part);
        for (int k = most; k < K; k += most)
            detail::multiply_rows<V, M, N, K, true>(a + k, b + k, c, std::min(most, K - k), part);
    } else
        detail::multiply_part<V, M, N, K, TransposeA, TransposeB, K>(a, b, c, part);
}

// Can parts of such a product be computed apart?
template <class V, int M, int N, int K>
inline constexpr bool has_parts = M > 1 && N > 1 && !detail::is_long<V, M, N, K>;

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
