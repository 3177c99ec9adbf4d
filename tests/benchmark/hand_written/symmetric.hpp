// The symmetric parametrization by hand: triu(x) + transpose(triu<1>(x)) and its gradient, on Size x Size row-major.
//
// Transposes happen in registers, on half rows of four; the orders of the tiles are what the variants differ in.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

namespace benchmark::hand_written {

// Four rows of eight: within each half the transpose of four by four; from memory, of eight rows of four, `Size` apart.
// Four members, not an array: g++ keeps an array in memory when its loop is unrolled late.
struct four_rows {
    __m256 a, b, c, d;
};

// f(k, row k of one, row k of the other)
template <class F>
[[gnu::always_inline]] inline void for_rows(four_rows const& one, four_rows const& other, F f) {
    f(0, one.a, other.a);
    f(1, one.b, other.b);
    f(2, one.c, other.c);
    f(3, one.d, other.d);
}

[[gnu::always_inline]] inline four_rows transposed(__m256 a, __m256 b, __m256 c, __m256 d) {
    __m256 const ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
    __m256 const high_ab = _mm256_unpackhi_ps(a, b), high_cd = _mm256_unpackhi_ps(c, d);
    return {_mm256_shuffle_ps(ab, cd, 0x44), _mm256_shuffle_ps(ab, cd, 0xee), _mm256_shuffle_ps(high_ab, high_cd, 0x44),
            _mm256_shuffle_ps(high_ab, high_cd, 0xee)};
}

template <int Size>
[[gnu::always_inline]] inline four_rows transposed(float const* x) {
    auto const halves = [x](int k) {
        __m256 const low = _mm256_castps128_ps256(_mm_loadu_ps(x + k * Size));
        return _mm256_insertf128_ps(low, _mm_loadu_ps(x + (k + 4) * Size), 1);
    };
    return transposed(halves(0), halves(1), halves(2), halves(3));
}

// Lanes left of `column` from `left`, the others from `right`.
[[gnu::always_inline]] inline __m256 split(int column, __m256 left, __m256 right) {
    __m256i const lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i const is_left = _mm256_cmpgt_epi32(_mm256_set1_epi32(column), lane);
    return _mm256_blendv_ps(right, left, _mm256_castsi256_ps(is_left));
}

// Sixteen floats of a row in two stores that stay neighbours: two stores to one line can retire in one cycle, and g++'s
// scheduler would move others between them (forward at 256: 1.2 times slower, measured).
[[gnu::always_inline]] inline void store_line(float* to, __m256 left, __m256 right) {
    asm volatile("" ::: "memory");
    _mm256_storeu_ps(to, left);
    _mm256_storeu_ps(to + 8, right);
    asm volatile("" ::: "memory");
}

// The forward direction: what it does with a tile on the diagonal, with a tile and its mirror image, and with a region
// right of the diagonal and its mirror image below. Rows i..., columns j... always name the region on the right.
template <int Size>
struct symmetric_forward {
    [[gnu::always_inline]] static void diagonal(float const* x, float* y, int i) {
        for (int half = 0; half < 8; half += 4) {
            auto const below = transposed<Size>(x + i * Size + i + half);
            for_rows(below, below, [&](int k, __m256 left, __m256) {
                int const at = (i + half + k) * Size + i;
                _mm256_storeu_ps(y + at, split(half + k, left, _mm256_loadu_ps(x + at)));
            });
        }
    }
    // Both uses of a tile from one load.
    [[gnu::always_inline]] static void pair(float const* x, float* y, int i, int j) {
        auto const copied = [&](int k) {
            __m256 const row = _mm256_loadu_ps(x + (i + k) * Size + j);
            _mm256_storeu_ps(y + (i + k) * Size + j, row);
            return row;
        };
        auto const first = transposed(copied(0), copied(1), copied(2), copied(3));
        auto const last = transposed(copied(4), copied(5), copied(6), copied(7));
        for_rows(first, last, [&](int k, __m256 f, __m256 l) {
            _mm256_storeu_ps(y + (j + k) * Size + i, _mm256_permute2f128_ps(f, l, 0x20));
            _mm256_storeu_ps(y + (j + k + 4) * Size + i, _mm256_permute2f128_ps(f, l, 0x31));
        });
    }
    [[gnu::always_inline]] static void right(float const* x, float* y, int i, int j, int height, int width) {
        for (int row = i; row < i + height; ++row)
            for (int at = row * Size + j; at < row * Size + j + width; at += 16)
                store_line(y + at, _mm256_loadu_ps(x + at), _mm256_loadu_ps(x + at + 8));
    }
    [[gnu::always_inline]] static void below(float const* x, float* y, int i, int j, int height, int width) {
        for (int column = j; column < j + width; column += 16)
            for (int row = i; row < i + height; row += 16)
                for (int part = column; part < column + 16; part += 4) {
                    auto const left = transposed<Size>(x + row * Size + part);
                    auto const right = transposed<Size>(x + (row + 8) * Size + part);
                    for_rows(left, right,
                             [&](int k, __m256 l, __m256 r) { store_line(y + (part + k) * Size + row, l, r); });
                }
    }
};

// The gradient: the sum of a region and its mirror image on the right, zeros below.
template <int Size>
struct symmetric_gradient {
    [[gnu::always_inline]] static void diagonal(float const* g, float* dx, int i) {
        for (int half = 0; half < 8; half += 4) {
            auto const mirrored = transposed<Size>(g + i * Size + i + half);
            for_rows(mirrored, mirrored, [&](int k, __m256 row, __m256) {
                int const at = (i + half + k) * Size + i;
                __m256 const here = _mm256_loadu_ps(g + at);
                __m256 const from_diagonal = split(half + k + 1, here, _mm256_add_ps(here, row));
                _mm256_storeu_ps(dx + at, split(half + k, _mm256_setzero_ps(), from_diagonal));
            });
        }
    }
    [[gnu::always_inline]] static void pair(float const* g, float* dx, int i, int j) {
        for (int half = 0; half < 8; half += 4) {
            auto const mirrored = transposed<Size>(g + j * Size + i + half);
            for_rows(mirrored, mirrored, [&](int k, __m256 row, __m256) {
                int const at = (i + half + k) * Size + j;
                _mm256_storeu_ps(dx + at, _mm256_add_ps(_mm256_loadu_ps(g + at), row));
            });
        }
        for (int k = 0; k < 8; ++k) _mm256_storeu_ps(dx + (j + k) * Size + i, _mm256_setzero_ps());
    }
    [[gnu::always_inline]] static void right(float const* g, float* dx, int i, int j, int height, int width) {
        for (int row = i; row < i + height; row += 16)
            for (int column = j; column < j + width; column += 16)
                for (int part = row; part < row + 16; part += 4) {
                    auto const left = transposed<Size>(g + column * Size + part);
                    auto const right = transposed<Size>(g + (column + 8) * Size + part);
                    for_rows(left, right, [&](int k, __m256 l, __m256 r) {
                        int const at = (part + k) * Size + column;
                        store_line(dx + at, _mm256_add_ps(_mm256_loadu_ps(g + at), l),
                                   _mm256_add_ps(_mm256_loadu_ps(g + at + 8), r));
                    });
                }
    }
    [[gnu::always_inline]] static void below(float const*, float* dx, int i, int j, int height, int width) {
        for (int row = j; row < j + width; ++row)
            for (int at = row * Size + i; at < row * Size + i + height; at += 16)
                store_line(dx + at, _mm256_setzero_ps(), _mm256_setzero_ps());
    }
};

// A block on the diagonal, by mirrored pairs of 8 x 8 tiles.
template <template <int> class Direction, int Size>
[[gnu::always_inline]] inline void diagonal_block(float const* from, float* to, int first, int block) {
    for (int i = first; i < first + block; i += 8) {
        Direction<Size>::diagonal(from, to, i);
        for (int j = i + 8; j < first + block; j += 8) Direction<Size>::pair(from, to, i, j);
    }
}

// The whole matrix by mirrored pairs of tiles: the least instructions.
template <template <int> class Direction, int Size>
void tiles(float const* from, float* to) {
    diagonal_block<Direction, Size>(from, to, 0, Size);
}

// Whole output rows in bands of 16: each is written from left to right.
template <template <int> class Direction, int Size>
void bands(float const* from, float* to) {
    for (int i = 0; i < Size; i += 16) {
        Direction<Size>::below(from, to, 0, i, i, 16);
        diagonal_block<Direction, Size>(from, to, i, 16);
        Direction<Size>::right(from, to, i, i + 16, 16, Size - i - 16);
    }
}

// Mirrored pairs of blocks that stay in the cache between their two uses: everything is read from memory once.
template <template <int> class Direction, int Size, int Block>
void blocks(float const* from, float* to) {
    int constexpr block = Block < Size ? Block : Size;
    for (int i = 0; i < Size; i += block) {
        diagonal_block<Direction, Size>(from, to, i, block);
        for (int j = i + block; j < Size; j += block) {
            Direction<Size>::right(from, to, i, j, block, block);
            Direction<Size>::below(from, to, i, j, block, block);
        }
    }
}

}  // namespace benchmark::hand_written
