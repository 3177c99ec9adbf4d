// sigmoid(x) by hand with fewer digits: one division, and the relative error is kept in the tails.
//
// 2^f is N(f) / N(-f) with N(f) = 1 + a f / 2 + a^2 f^2 / 12, a = log(2): the Pade approximant [2/2] of the exponential
// (G. A. Baker, P. Graves-Morris, "Pade Approximants", 1996, section 1.2), within 7e-6 on [-1/2, 1/2]. With
// -x log2(e) = n + f, sigmoid(x) is then N(-f) / (N(-f) + 2^n N(f)).
//
// Relative error at most 2^-15 where the result is a normal number; below that, for x < -87, the result stays near
// 2^-126. NaN stays NaN.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

namespace benchmark::hand_written {

[[gnu::always_inline]] inline __m256 fast_sigmoid(__m256 x) {
    float constexpr log2_e = 1.44269504f, a = 0.693147181f;
    __m256 const one = _mm256_set1_ps(1.0f), magic = _mm256_set1_ps(0x1.8p23f);
    x = _mm256_min_ps(_mm256_set1_ps(87.0f), x);  // the second operand is returned when either is NaN
    x = _mm256_max_ps(_mm256_set1_ps(-87.0f), x);
    // Adding 1.5 * 2^23 rounds to integers and leaves n in the low bits.
    __m256 const shifted = _mm256_fmadd_ps(x, _mm256_set1_ps(-log2_e), magic);
    __m256 const f = _mm256_fmsub_ps(x, _mm256_set1_ps(-log2_e), _mm256_sub_ps(shifted, magic));
    __m256i const exponent = _mm256_slli_epi32(_mm256_castps_si256(shifted), 23);
    __m256 const even = _mm256_fmadd_ps(_mm256_mul_ps(f, _mm256_set1_ps(a * a / 12)), f, one);
    __m256 const above = _mm256_fmadd_ps(f, _mm256_set1_ps(a / 2), even);
    __m256 const below = _mm256_fnmadd_ps(f, _mm256_set1_ps(a / 2), even);
    // N(f) lies between 0.8 and 1.2: adding n to its exponent multiplies by 2^n.
    __m256 const power = _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(above), exponent));
    return _mm256_div_ps(below, _mm256_add_ps(below, power));
}

template <int Unroll>
void fast_sigmoid(float const* x, float* y, int count) {
    for (int i = 0; i < count; i += 8 * Unroll)
        for (int u = 0; u < 8 * Unroll; u += 8) _mm256_storeu_ps(y + i + u, fast_sigmoid(_mm256_loadu_ps(x + i + u)));
}

}  // namespace benchmark::hand_written
