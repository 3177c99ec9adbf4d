// The sigmoid chain by hand: lower + (upper - lower) * sigmoid(slope * x) and its gradient.
//
// The exponential is Tang's: a table of 2^(j/8), held in one register, and a cubic on [-1/16, 1/16]; or a quintic on
// [-1/2, 1/2] without the table (P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE
// floating-point arithmetic", ACM TOMS 15(2), 1989). The argument is reduced by two fused multiply-adds from
// slope * log2(e) in two pieces, so slope * x is never rounded. sigmoid is within 4 ulp of the exact value over the
// whole domain, tails and subnormal results included; NaN stays NaN.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

#include <bit>
#include <cstdint>

namespace benchmark::hand_written {

struct bounded {
    float lower, upper, slope;
};

enum class exponential { table, polynomial };

// Two to the power of factor * x, times 2^Shift: as a product `mantissa * scale`, so that a caller can fuse the
// product.
template <exponential Kind, int Shift>
struct power_of_two {
    double factor;
    struct product {
        __m256 mantissa, scale;
    };

    [[gnu::always_inline]] product operator()(__m256 x) const {
        float const high = static_cast<float>(factor);
        float const low = static_cast<float>(factor - static_cast<double>(high));
        bool constexpr table = Kind == exponential::table;
        // Adding 1.5 * 2^20 (or 2^23) rounds to eighths (or to integers) and leaves the count in the low bits.
        __m256 const magic = _mm256_set1_ps(table ? 0x1.8p20f : 0x1.8p23f);
        __m256 const shifted = _mm256_fmadd_ps(x, _mm256_set1_ps(high), magic);
        __m256 const nearest = _mm256_sub_ps(shifted, magic);
        __m256 f = _mm256_fmsub_ps(x, _mm256_set1_ps(high), nearest);
        f = _mm256_fmadd_ps(x, _mm256_set1_ps(low), f);
        __m256i const count = _mm256_castps_si256(shifted);
        if constexpr (table) {
            // 2^(j/8) without the j that the shifted count carries into the mantissa's top three bits.
            auto const entry = [](float root, std::int32_t j) {
                return std::bit_cast<std::int32_t>(root) + Shift * (1 << 23) - (j << 20);
            };
            __m256i const roots = _mm256_setr_epi32(
                entry(1.0f, 0), entry(0x1.172b84p+0f, 1), entry(0x1.306fe0p+0f, 2), entry(0x1.4bfdaep+0f, 3),
                entry(0x1.6a09e6p+0f, 4), entry(0x1.8ace54p+0f, 5), entry(0x1.ae89fap+0f, 6), entry(0x1.d5818ep+0f, 7));
            __m256i const root = _mm256_permutevar8x32_epi32(roots, count);
            __m256i const scale = _mm256_add_epi32(_mm256_slli_epi32(count, 20), root);
            __m256 p = _mm256_fmadd_ps(f, _mm256_set1_ps(5.549890046e-02f), _mm256_set1_ps(2.402640729e-01f));
            p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(6.931472085e-01f));
            p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(1.0f));
            return {p, _mm256_castsi256_ps(scale)};
        } else {
            __m256i const scale =
                _mm256_add_epi32(_mm256_slli_epi32(count, 23), _mm256_set1_epi32((127 + Shift) << 23));
            __m256 p = _mm256_fmadd_ps(f, _mm256_set1_ps(1.327647198e-03f), _mm256_set1_ps(9.675541334e-03f));
            p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(5.550713274e-02f));
            p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(2.402211972e-01f));
            p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(6.931469671e-01f));
            p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(1.0f));
            return {p, _mm256_castsi256_ps(scale)};
        }
    }
};

inline constexpr double log2_e = 1.44269504088896340735992468100189214;

// exp(-t) 2^-32 reaches from 2^-126 to 2^127 for t in [-110, 65]: no overflow, and a quotient that is subnormal when
// the result is.
template <bounded B, exponential Kind>
[[gnu::always_inline]] inline __m256 sigmoid(__m256 x) {
    x = _mm256_min_ps(_mm256_set1_ps(65.0f / B.slope), x);  // the second operand is returned when either is NaN
    x = _mm256_max_ps(_mm256_set1_ps(-109.0f / B.slope), x);
    auto const [mantissa, scale] = power_of_two<Kind, -32>{-static_cast<double>(B.slope) * log2_e}(x);
    __m256 const denominator = _mm256_fmadd_ps(mantissa, scale, _mm256_set1_ps(0x1p-32f));
    __m256 const quotient = _mm256_div_ps(_mm256_set1_ps((B.upper - B.lower) * 0x1p-32f), denominator);
    return B.lower == 0 ? quotient : _mm256_add_ps(quotient, _mm256_set1_ps(B.lower));
}

// With e = exp(-|t|), sigmoid'(t) = e / (1 + e)^2 loses no digits on either side.
template <bounded B, exponential Kind>
[[gnu::always_inline]] inline __m256 sigmoid_slope(__m256 x, __m256 g) {
    x = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
    x = _mm256_min_ps(_mm256_set1_ps(103.0f / B.slope), x);
    auto const [mantissa, scale] = power_of_two<Kind, 24>{-static_cast<double>(B.slope) * log2_e}(x);
    __m256 const e = _mm256_mul_ps(mantissa, scale);
    __m256 const root = _mm256_add_ps(e, _mm256_set1_ps(0x1p24f));
    __m256 const gain = _mm256_mul_ps(g, _mm256_set1_ps((B.upper - B.lower) * B.slope * 0x1p24f));
    return _mm256_div_ps(_mm256_mul_ps(gain, e), _mm256_mul_ps(root, root));
}

// y' = (y - y^2) as most would write it: one operation less, no relative accuracy where y is near one.
template <bounded B, exponential Kind>
[[gnu::always_inline]] inline __m256 sigmoid_slope_from_value(__m256 x, __m256 g) {
    __m256 const y = sigmoid<bounded{0.0f, 1.0f, B.slope}, Kind>(x);
    __m256 const gain = _mm256_mul_ps(g, _mm256_set1_ps((B.upper - B.lower) * B.slope));
    return _mm256_mul_ps(gain, _mm256_fnmadd_ps(y, y, y));
}

struct value_and_slope {
    __m256 value, slope;
};

// Both from one e = exp(-|t|): sigmoid(t) is 1 / (1 + e), or e / (1 + e) where t is negative; its slope is their
// product.
template <bounded B, exponential Kind>
[[gnu::always_inline]] inline value_and_slope sigmoid_both(__m256 x, __m256 g) {
    __m256 distance = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
    distance = _mm256_min_ps(_mm256_set1_ps(103.0f / B.slope), distance);
    auto const [mantissa, scale] = power_of_two<Kind, 24>{-static_cast<double>(B.slope) * log2_e}(distance);
    __m256 const e = _mm256_mul_ps(mantissa, scale);
    __m256 const inverse = _mm256_div_ps(_mm256_set1_ps(1.0f), _mm256_add_ps(e, _mm256_set1_ps(0x1p24f)));
    __m256 const above = _mm256_mul_ps(inverse, _mm256_set1_ps(0x1p24f)), below = _mm256_mul_ps(inverse, e);
    __m256 const gain = _mm256_mul_ps(g, _mm256_set1_ps((B.upper - B.lower) * B.slope));
    return {
        _mm256_fmadd_ps(_mm256_blendv_ps(above, below, x), _mm256_set1_ps(B.upper - B.lower), _mm256_set1_ps(B.lower)),
        _mm256_mul_ps(_mm256_mul_ps(gain, above), below)};
}
template <bounded B, exponential Kind>
[[gnu::always_inline]] inline value_and_slope sigmoid_both_from_value(__m256 x, __m256 g) {
    __m256 const y = sigmoid<bounded{0.0f, 1.0f, B.slope}, Kind>(x);
    __m256 const gain = _mm256_mul_ps(g, _mm256_set1_ps((B.upper - B.lower) * B.slope));
    return {_mm256_fmadd_ps(y, _mm256_set1_ps(B.upper - B.lower), _mm256_set1_ps(B.lower)),
            _mm256_mul_ps(gain, _mm256_fnmadd_ps(y, y, y))};
}

template <bounded B, exponential Kind, int Unroll>
void sigmoid_forward(float const* x, float* y, int count) {
    for (int i = 0; i < count; i += 8 * Unroll)
        for (int u = 0; u < 8 * Unroll; u += 8)
            _mm256_storeu_ps(y + i + u, sigmoid<B, Kind>(_mm256_loadu_ps(x + i + u)));
}

template <bounded B, exponential Kind, int Unroll, bool FromValue = false>
void sigmoid_gradient(float const* x, float const* g, float* dx, int count) {
    for (int i = 0; i < count; i += 8 * Unroll)
        for (int u = 0; u < 8 * Unroll; u += 8) {
            __m256 const at = _mm256_loadu_ps(x + i + u);
            __m256 const cotangent = _mm256_loadu_ps(g + i + u);
            _mm256_storeu_ps(dx + i + u, FromValue ? sigmoid_slope_from_value<B, Kind>(at, cotangent)
                                                   : sigmoid_slope<B, Kind>(at, cotangent));
        }
}

template <bounded B, exponential Kind, int Unroll, bool FromValue = false>
void sigmoid_both(float const* x, float const* g, float* y, float* dx, int count) {
    for (int i = 0; i < count; i += 8 * Unroll)
        for (int u = 0; u < 8 * Unroll; u += 8) {
            __m256 const at = _mm256_loadu_ps(x + i + u);
            __m256 const cotangent = _mm256_loadu_ps(g + i + u);
            auto const both =
                FromValue ? sigmoid_both_from_value<B, Kind>(at, cotangent) : sigmoid_both<B, Kind>(at, cotangent);
            _mm256_storeu_ps(y + i + u, both.value);
            _mm256_storeu_ps(dx + i + u, both.slope);
        }
}

}  // namespace benchmark::hand_written
