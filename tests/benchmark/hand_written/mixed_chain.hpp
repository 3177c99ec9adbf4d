// The mixed chain by hand: twelve stages on a Size x Size row-major matrix, and its gradient. The stages, with the
// numbers of `mixed_numbers`:
//
//      1  scale x                            7  sigmoid(x)
//      2  x + mirror transpose(x)            8  2 x - 1
//      3  tanh(x)                            9  exp(x)
//      4  tril(x) + above triu<1>(x)        10  x x + x
//      5  x + shift                         11  x - below tril<-1>(x)
//      6  transpose(x)                      12  size x
//
// An element and its mirror image are computed together, in tiles of 8 x 8 that are transposed in registers: each
// function is evaluated once for each element, forward and backward. The exponential is that of the sigmoid chain;
// stages 7 and 8 are one quotient, what multiplies is folded into one factor, and a bounded argument is not bounded
// again. tanh is made of the sigmoid chain's function, so that its error is small against one; paramorph's is small
// against a small result too, which takes an operation more and is not asked of the reference.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

#include "../subject.hpp"
#include "repeat.hpp"
#include "sigmoid.hpp"
#include "symmetric.hpp"

namespace benchmark::hand_written {

// exp(x) for x in [-1, 1].
template <exponential Kind>
[[gnu::always_inline]] inline __m256 exp_near_zero(__m256 x) {
    auto const [mantissa, scale] = power_of_two<Kind, 0>{log2_e}(x);
    return _mm256_mul_ps(mantissa, scale);
}

// Stages 3 to 12 on a vector that lies in one triangle, or on the diagonal with a triangle for each lane: `weight` is
// what stage 4, `factor` what stages 11 and 12 multiply by.
template <mixed_numbers M, exponential Kind>
struct mixed_element {
    __m256 tanh, centred, power;  // after stages 3, 8 and 9

    [[gnu::always_inline]] mixed_element(__m256 x, __m256 weight) {
        __m256 const one = _mm256_set1_ps(1.0f), two = _mm256_set1_ps(2.0f);
        tanh = sigmoid<bounded{-1.0f, 1.0f, 2.0f}, Kind>(x);
        __m256 const shifted = _mm256_fmadd_ps(weight, tanh, _mm256_set1_ps(M.shift));
        auto const [mantissa, scale] = power_of_two<Kind, 0>{-log2_e}(shifted);
        centred = _mm256_sub_ps(_mm256_div_ps(two, _mm256_fmadd_ps(mantissa, scale, one)), one);
        power = exp_near_zero<Kind>(centred);
    }
    [[gnu::always_inline]] __m256 value(__m256 factor) const {
        return _mm256_mul_ps(factor, _mm256_fmadd_ps(power, power, power));
    }
    // The cotangent before stage 3; `gain` is weight * factor.
    [[gnu::always_inline]] __m256 pulled(__m256 cotangent, __m256 gain) const {
        __m256 const half = _mm256_set1_ps(0.5f), one = _mm256_set1_ps(1.0f);
        __m256 const of_power = _mm256_mul_ps(power, _mm256_add_ps(half, power));  // half the derivative
        __m256 const of_sigmoid = _mm256_fnmadd_ps(centred, centred, one);         // twice the derivative
        __m256 const of_tanh = _mm256_fnmadd_ps(tanh, tanh, one);
        return _mm256_mul_ps(_mm256_mul_ps(_mm256_mul_ps(cotangent, gain), of_power),
                             _mm256_mul_ps(of_sigmoid, of_tanh));
    }
};

// a x + b y
[[gnu::always_inline]] inline __m256 blended(float a, __m256 x, float b, __m256 y) {
    return _mm256_fmadd_ps(_mm256_set1_ps(a), x, _mm256_mul_ps(_mm256_set1_ps(b), y));
}

// Eight vectors as the columns of a tile.
template <int Size>
[[gnu::always_inline]] inline void store_transposed(float* to, __m256 const (&row)[8]) {
    auto const first = transposed(row[0], row[1], row[2], row[3]), last = transposed(row[4], row[5], row[6], row[7]);
    for_rows(first, last, [&](int k, __m256 f, __m256 l) {
        _mm256_storeu_ps(to + k * Size, _mm256_permute2f128_ps(f, l, 0x20));
        _mm256_storeu_ps(to + (k + 4) * Size, _mm256_permute2f128_ps(f, l, 0x31));
    });
}

// What stages 4 and 12 multiply an element above the diagonal by, and one on it or below; it ends up on the other side.
template <mixed_numbers M>
struct mixed_factors {
    static constexpr float weight_above = M.above, factor_above = (1 - M.below) * M.size;
    static constexpr float weight_below = 1, factor_below = M.size;
    // Of row `row` of a tile on the diagonal.
    [[gnu::always_inline]] static __m256 weight(int row) {
        return split(row + 1, _mm256_set1_ps(weight_below), _mm256_set1_ps(weight_above));
    }
    [[gnu::always_inline]] static __m256 factor(int row) {
        return split(row + 1, _mm256_set1_ps(factor_below), _mm256_set1_ps(factor_above));
    }
    [[gnu::always_inline]] static __m256 gain(int row) {
        return split(row + 1, _mm256_set1_ps(weight_below * factor_below), _mm256_set1_ps(weight_above * factor_above));
    }
};

// A tile at row i, column j > i and its mirror image, or one on the diagonal. `one` is a row of the tile, `other` the
// row of the mirror image transposed.
template <mixed_numbers M, int Size, exponential Kind>
struct mixed_forward {
    using element = mixed_element<M, Kind>;
    using factors = mixed_factors<M>;
    float const* x;
    float* y;

    [[gnu::always_inline]] static __m256 combined(__m256 one, __m256 other) {
        return blended(M.scale, one, M.scale * M.mirror, other);
    }
    [[gnu::always_inline]] void diagonal(int i) const {
        __m256 result[8];
        repeat<2>([&](auto half) __attribute__((always_inline)) {
            auto const other = transposed<Size>(x + i * Size + i + 4 * half);
            for_rows(other, other, [&](int k, __m256 row, __m256) __attribute__((always_inline)) {
                int const at = 4 * half + k;
                __m256 const one = _mm256_loadu_ps(x + (i + at) * Size + i);
                result[at] = element(combined(one, row), factors::weight(at)).value(factors::factor(at));
            });
        });
        store_transposed<Size>(y + i * Size + i, result);
    }
    [[gnu::always_inline]] void pair(int i, int j) const {
        __m256 result[8];
        repeat<2>([&](auto half) __attribute__((always_inline)) {
            auto const mirrored = transposed<Size>(x + j * Size + i + 4 * half);
            for_rows(mirrored, mirrored, [&](int k, __m256 other, __m256) __attribute__((always_inline)) {
                int const at = (i + 4 * half + k) * Size + j;
                __m256 const one = _mm256_loadu_ps(x + at);
                result[4 * half + k] = element(combined(one, other), _mm256_set1_ps(factors::weight_above))
                                           .value(_mm256_set1_ps(factors::factor_above));
                _mm256_storeu_ps(y + at, element(combined(other, one), _mm256_set1_ps(factors::weight_below))
                                             .value(_mm256_set1_ps(factors::factor_below)));
            });
        });
        store_transposed<Size>(y + j * Size + i, result);
    }
};

template <mixed_numbers M, int Size, exponential Kind>
struct mixed_gradient {
    using element = mixed_element<M, Kind>;
    using factors = mixed_factors<M>;
    float const *x, *g;
    float* dx;

    [[gnu::always_inline]] static __m256 combined(__m256 one, __m256 other) {
        return mixed_forward<M, Size, Kind>::combined(one, other);
    }
    [[gnu::always_inline]] void diagonal(int i) const {
        __m256 pulled[8];
        repeat<2>([&](auto half) __attribute__((always_inline)) {
            auto const other = transposed<Size>(x + i * Size + i + 4 * half);
            auto const cotangent = transposed<Size>(g + i * Size + i + 4 * half);
            for_rows(other, cotangent, [&](int k, __m256 row, __m256 c) __attribute__((always_inline)) {
                int const at = 4 * half + k;
                __m256 const one = _mm256_loadu_ps(x + (i + at) * Size + i);
                pulled[at] = element(combined(one, row), factors::weight(at)).pulled(c, factors::gain(at));
            });
        });
        // The mirror image of what was pulled back, by way of the result's own memory.
        store_transposed<Size>(dx + i * Size + i, pulled);
        repeat<8>([&](auto k) __attribute__((always_inline)) {
            float* const row = dx + (i + k) * Size + i;
            _mm256_storeu_ps(row, combined(pulled[k], _mm256_loadu_ps(row)));
        });
    }
    [[gnu::always_inline]] void pair(int i, int j) const {
        __m256 result[8];
        repeat<2>([&](auto half) __attribute__((always_inline)) {
            auto const mirrored = transposed<Size>(x + j * Size + i + 4 * half);
            auto const cotangents = transposed<Size>(g + j * Size + i + 4 * half);
            for_rows(mirrored, cotangents, [&](int k, __m256 other, __m256 c) __attribute__((always_inline)) {
                int const at = (i + 4 * half + k) * Size + j;
                __m256 const one = _mm256_loadu_ps(x + at);
                __m256 const above = element(combined(one, other), _mm256_set1_ps(factors::weight_above))
                                         .pulled(c, _mm256_set1_ps(factors::weight_above * factors::factor_above));
                __m256 const below =
                    element(combined(other, one), _mm256_set1_ps(factors::weight_below))
                        .pulled(_mm256_loadu_ps(g + at), _mm256_set1_ps(factors::weight_below * factors::factor_below));
                _mm256_storeu_ps(dx + at, combined(above, below));
                result[4 * half + k] = combined(below, above);
            });
        });
        store_transposed<Size>(dx + j * Size + i, result);
    }
};

// Every tile with its mirror image, in squares of `Block`.
template <int Size, int Block, class Direction>
[[gnu::always_inline]] inline void by_pairs(Direction const& direction) {
    int constexpr block = Block < Size ? Block : Size;
    for (int rows = 0; rows < Size; rows += block)
        for (int columns = rows; columns < Size; columns += block)
            for (int i = rows; i < rows + block; i += 8) {
                if (rows == columns) direction.diagonal(i);
                for (int j = rows == columns ? i + 8 : columns; j < columns + block; j += 8) direction.pair(i, j);
            }
}

template <mixed_numbers M, int Size, exponential Kind, int Block>
void mixed_chain_forward(float const* x, float* y) {
    by_pairs<Size, Block>(mixed_forward<M, Size, Kind>{x, y});
}
template <mixed_numbers M, int Size, exponential Kind, int Block>
void mixed_chain_gradient(float const* x, float const* g, float* dx) {
    by_pairs<Size, Block>(mixed_gradient<M, Size, Kind>{x, g, dx});
}

}  // namespace benchmark::hand_written
