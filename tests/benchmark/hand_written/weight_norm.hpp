// Weight normalisation of rows by hand: y_ij = g_i v_ij / |v_i|, |v_i| the Euclidean norm of row i, and its gradient
//
//     dg_i = sum_j c_ij v_ij / |v_i|,    dv_ij = g_i / |v_i| (c_ij - v_ij sum_k c_ik v_ik / |v_i|^2)
//
// for the cotangent c (T. Salimans, D. P. Kingma, "Weight normalization", 2016, equation 3), on Size x Size row-major.
// A row of zeros has no direction: its value and its gradients are zero, as those of param::weight_norm.
//
// Eight rows share one square root and one division: their sums are brought into one vector by transposed horizontal
// additions. The variants differ in how many rows are scaled after how many were summed (`Block`), how many rows are
// summed side by side (`Rows`) and in how many accumulators for each (`Chains`). One more goes row by row.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

#include "repeat.hpp"

namespace benchmark::hand_written {

// Lane k of the result is the sum of row k's lanes.
[[gnu::always_inline]] inline __m256 sums_of_rows(__m256 const (&row)[8]) {
    __m256 const low = _mm256_hadd_ps(_mm256_hadd_ps(row[0], row[1]), _mm256_hadd_ps(row[2], row[3]));
    __m256 const high = _mm256_hadd_ps(_mm256_hadd_ps(row[4], row[5]), _mm256_hadd_ps(row[6], row[7]));
    return _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31));
}

[[gnu::always_inline]] inline float sum_of(__m256 x) {
    __m128 const four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    __m128 const two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// total[k] becomes the sums of a_kj b_kj, by lanes, over the row k of `Rows`.
template <int Size, int Rows, int Chains>
[[gnu::always_inline]] inline void dot_rows(float const* a, float const* b, __m256* total) {
    int constexpr chains = Chains < Size / 8 ? Chains : Size / 8;
    __m256 sum[Rows][chains];
    repeat<Rows>([&](auto k) __attribute__((always_inline)) {
        repeat<chains>([&](auto c) __attribute__((always_inline)) {
            int const at = k * Size + 8 * c;
            sum[k][c] = _mm256_mul_ps(_mm256_loadu_ps(a + at), _mm256_loadu_ps(b + at));
        });
    });
    for (int j = 8 * chains; j < Size; j += 8 * chains)
        repeat<Rows>([&](auto k) __attribute__((always_inline)) {
            repeat<chains>([&](auto c) __attribute__((always_inline)) {
                int const at = k * Size + 8 * c + j;
                sum[k][c] = _mm256_fmadd_ps(_mm256_loadu_ps(a + at), _mm256_loadu_ps(b + at), sum[k][c]);
            });
        });
    repeat<Rows>([&](auto k) __attribute__((always_inline)) {
        __m256 all = sum[k][0];
        repeat<chains - 1>([&](auto c) __attribute__((always_inline)) { all = _mm256_add_ps(all, sum[k][c + 1]); });
        total[k] = all;
    });
}

// Lane k: the sum of a_kj b_kj over row k of eight.
template <int Size, int Rows, int Chains>
[[gnu::always_inline]] inline __m256 dot_of_eight_rows(float const* a, float const* b) {
    __m256 total[8];
    repeat<8 / Rows>([&](auto k) __attribute__((always_inline)) {
        dot_rows<Size, Rows, Chains>(a + k * Rows * Size, b + k * Rows * Size, total + k * Rows);
    });
    return sums_of_rows(total);
}

// 1 / sqrt(squares), and 0 where they are 0.
[[gnu::always_inline]] inline __m256 inverse_norms(__m256 squares) {
    __m256 const inverse = _mm256_div_ps(_mm256_set1_ps(1.0f), _mm256_sqrt_ps(squares));
    return _mm256_and_ps(inverse, _mm256_cmp_ps(squares, _mm256_setzero_ps(), _CMP_NEQ_UQ));
}
[[gnu::always_inline]] inline float inverse_norm(float squares) {
    return squares == 0 ? 0.0f : 1.0f / _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(squares)));
}

// Rows of `Block`: summed, then scaled.
template <int Size, int Block, int Rows, int Chains>
void weight_norm_forward(float const* v, float const* g, float* y) {
    int constexpr block = Block < Size ? Block : Size;
    alignas(32) float scale[block];
    for (int i = 0; i < Size; i += block) {
        for (int k = 0; k < block; k += 8) {
            float const* const rows = v + (i + k) * Size;
            __m256 const inverse = inverse_norms(dot_of_eight_rows<Size, Rows, Chains>(rows, rows));
            _mm256_store_ps(scale + k, _mm256_mul_ps(_mm256_loadu_ps(g + i + k), inverse));
        }
        for (int k = 0; k < block; ++k) {
            __m256 const factor = _mm256_broadcast_ss(scale + k);
            int const row = (i + k) * Size;
            for (int j = row; j < row + Size; j += 16) {
                _mm256_storeu_ps(y + j, _mm256_mul_ps(factor, _mm256_loadu_ps(v + j)));
                _mm256_storeu_ps(y + j + 8, _mm256_mul_ps(factor, _mm256_loadu_ps(v + j + 8)));
            }
        }
    }
}

template <int Size, int Chains>
void weight_norm_forward_by_rows(float const* v, float const* g, float* y) {
    for (int i = 0; i < Size; ++i) {
        __m256 squares;
        dot_rows<Size, 1, Chains>(v + i * Size, v + i * Size, &squares);
        __m256 const factor = _mm256_set1_ps(g[i] * inverse_norm(sum_of(squares)));
        for (int j = i * Size; j < (i + 1) * Size; j += 16) {
            _mm256_storeu_ps(y + j, _mm256_mul_ps(factor, _mm256_loadu_ps(v + j)));
            _mm256_storeu_ps(y + j + 8, _mm256_mul_ps(factor, _mm256_loadu_ps(v + j + 8)));
        }
    }
}

// dv_ij = of_cotangent c_ij - of_value v_ij on one row.
template <int Size>
[[gnu::always_inline]] inline void combine_row(float const* v, float const* c, float* dv, __m256 of_cotangent,
                                               __m256 of_value) {
    for (int j = 0; j < Size; j += 16)
        repeat<2>([&](auto k) __attribute__((always_inline)) {
            int const at = j + 8 * k;
            __m256 const along = _mm256_mul_ps(of_value, _mm256_loadu_ps(v + at));
            _mm256_storeu_ps(dv + at, _mm256_fmsub_ps(of_cotangent, _mm256_loadu_ps(c + at), along));
        });
}

template <int Size, int Block, int Rows, int Chains>
void weight_norm_gradient(float const* v, float const* g, float const* c, float* dv, float* dg) {
    int constexpr block = Block < Size ? Block : Size;
    alignas(32) float of_cotangent[block], of_value[block];
    for (int i = 0; i < Size; i += block) {
        for (int k = 0; k < block; k += 8) {
            float const *const rows = v + (i + k) * Size, *const cotangents = c + (i + k) * Size;
            __m256 const squares = dot_of_eight_rows<Size, Rows, Chains>(rows, rows);
            __m256 const products = dot_of_eight_rows<Size, Rows, Chains>(rows, cotangents);
            __m256 const inverse = inverse_norms(squares);
            __m256 const along = _mm256_mul_ps(products, inverse);
            __m256 const factor = _mm256_mul_ps(_mm256_loadu_ps(g + i + k), inverse);
            _mm256_storeu_ps(dg + i + k, along);
            _mm256_store_ps(of_cotangent + k, factor);
            _mm256_store_ps(of_value + k, _mm256_mul_ps(_mm256_mul_ps(along, inverse), factor));
        }
        for (int k = 0; k < block; ++k) {
            int const row = (i + k) * Size;
            combine_row<Size>(v + row, c + row, dv + row, _mm256_broadcast_ss(of_cotangent + k),
                              _mm256_broadcast_ss(of_value + k));
        }
    }
}

template <int Size, int Chains>
void weight_norm_gradient_by_rows(float const* v, float const* g, float const* c, float* dv, float* dg) {
    for (int i = 0; i < Size; ++i) {
        int constexpr row = Size;
        __m256 squares, products;
        dot_rows<Size, 1, Chains>(v + i * row, v + i * row, &squares);
        dot_rows<Size, 1, Chains>(v + i * row, c + i * row, &products);
        float const inverse = inverse_norm(sum_of(squares));
        float const along = sum_of(products) * inverse, factor = g[i] * inverse;
        dg[i] = along;
        combine_row<Size>(v + i * row, c + i * row, dv + i * row, _mm256_set1_ps(factor),
                          _mm256_set1_ps(along * inverse * factor));
    }
}

}  // namespace benchmark::hand_written
