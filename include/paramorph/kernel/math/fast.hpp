// The fast grade: exp, sigmoid, silu, tanh, normal_cdf, gelu within a relative error that training and inference do not
// notice. Functions that are not here have no faster version worth its error, and stay accurate.
//
//   relative error at most         in float for          in double for
//   exp          2^-16             -87 <= x <= 88.3      -708 <= x <= 709.4
//   sigmoid      2^-16             x >= -87              x >= -708
//   silu         2^-16             x >= -87              x >= -708
//   tanh         2^-15             every x               every x
//   normal_cdf   2^-15             x >= -13              x >= -13
//   gelu         2^-15             x >= -13              x >= -13
//
// Beyond, exp goes to 0 and to infinity, and the others stay below 2^-116 in magnitude, also where their limit is 0.
// Subnormal results are off by as much as the smallest normal number would be. NaN stays NaN; a zero may lose its sign.
// tests/unit/vector_math_fast.cpp measures it, with and without fused multiply-add; double has the same bounds, not
// better ones.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// 2^(x factor + shift), where that is within the exponents of normal numbers. Relative error 2^-18, and what rounding
// the factor does. With a table as in exp_by_table, but a square polynomial; else one of degree 4.
template <class V>
[[gnu::always_inline]] inline factors<V> fast_power(V x, V factor, int shift) {
    if constexpr (simd::has_lookup<V>) {
        V const magic = number<V>(0x1.8p20), t = simd::fma(x, factor, magic), f = simd::fma(x, factor, V(magic - t));
        V const scale = detail::power_of_eighths(t, shift);
        return {detail::polynomial(f, 1.00000011, 0.693309779, 0.240198341), scale};
    } else {
        V const magic = rounder<V>(shift), t = simd::fma(x, factor, magic), f = simd::fma(x, factor, V(magic - t));
        return {detail::polynomial(f, 0.999999261, 0.693121816, 0.240247453, 0.0559178577, 0.00957008337),
                detail::power_of_two(t)};
    }
}

// e^(-a^2/2) G(t), t = (a - 3) / (a + 3): (a + 3) normal_cdf(-a). Relative error of G 2^-15.9 for 0 <= a <= 13.
template <class V>
[[gnu::always_inline]] inline V fast_tail(V a, V t) {
    auto const [mantissa, scale] = detail::fast_power(V(a * a), number<V>(-0.5 * 1.4426950408889634), 0);
    V const g =
        detail::polynomial(t, 0.729088556, -0.509423024, 0.22991306, -0.0463336075, -0.0099386014, 0.00484451786);
    return mantissa * g * scale;
}

}  // namespace detail

// The functions that have a faster version.
struct fast_functions {
    // e^x. 11 operations.
    template <class V>
    [[gnu::always_inline]] static V exp(V x) {
        using namespace detail;
        // At these ends the scale is 0 and infinity.
        V const low = pick<V>(-88.0296919f, -709.08956571282405), high = pick<V>(88.7228391f, 709.78271289338397);
        auto const [mantissa, scale] =
            detail::fast_power(detail::clamp(x, low, high), number<V>(1.4426950408889634), 0);
        return mantissa * scale;
    }

    // 1 / (1 + e^-x), with one division. 11 operations and the division.
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x) {
        using namespace detail;
        V const one = pick<V>(0x1p-32f, 0x1p-64);
        return one / denominator(detail::clamp(x, pick<V>(-109.0f, -750.0), pick<V>(60.0f, 600.0)),
                                 number<V>(-1.4426950408889634));
    }

    // height sigmoid(factor x) for numbers, |height| from 2^-64 to 2^7, which cost nothing.
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x, double factor, double height) {
        using namespace detail;
        constexpr double one = single<V> ? 0x1p-32 : 0x1p-64;
        double const a = (single<V> ? -109 : -750) / factor, b = (single<V> ? 60 : 600) / factor;
        V const y = detail::clamp(x, number<V>(a < b ? a : b), number<V>(a < b ? b : a));
        return number<V>(height * one) / denominator(y, number<V>(factor * -1.4426950408889634));
    }

    // x sigmoid(x).
    template <class V>
    [[gnu::always_inline]] static V silu(V x) {
        return simd::max(detail::pick<V>(-109.0f, -750.0), x) * sigmoid(x);
    }

    // tanh x = (e^2x - 1) / (e^2x + 1), where e^2x - 1 is, but for 2^n, 2^-f - 1 + (1 - 2^-n), which does not cancel;
    // 2^-f - 1 to 2^-16.
    template <class V>
    [[gnu::always_inline]] static V tanh(V x) {
        using namespace detail;
        V const y = detail::clamp(x, pick<V>(-10.0f, -20.0), pick<V>(10.0f, 20.0)),
                factor = number<V>(-2 * 1.4426950408889634);
        V const t = simd::fma(y, factor, rounder<V>(0)), f = simd::fma(y, factor, V(rounder<V>(0) - t));
        V const inverse = detail::power_of_two(t);
        V const slope = detail::polynomial(f, -0.693136858, 0.240232521, -0.055837289, 0.00961811448);
        V const e = simd::fma(f, slope, V(number<V>(1) - inverse));
        return e / simd::fma(inverse, number<V>(2), e);
    }

    // The normal distribution function.
    template <class V>
    [[gnu::always_inline]] static V normal_cdf(V x) {
        using namespace detail;
        V const one = number<V>(1), a = simd::min(number<V>(13), V(simd::abs(x))), inverse = one / (a + number<V>(3));
        V const tail = detail::fast_tail(a, simd::fnma(number<V>(6), inverse, one)) * inverse;
        return simd::select(x < number<V>(0), tail, one - tail);
    }

    // x normal_cdf(x), with one division.
    template <class V>
    [[gnu::always_inline]] static V gelu(V x) {
        using namespace detail;
        V const a = simd::min(number<V>(13), V(simd::abs(x))), part = a / (a + number<V>(3));
        return simd::fnma(detail::fast_tail(a, V(part + part - number<V>(1))), part, simd::max(number<V>(0), x));
    }

  private:
    // (1 + e^y) 2^-32 or 2^-64, for e^y = 2^(x factor).
    template <class V>
    [[gnu::always_inline]] static V denominator(V x, V factor) {
        using namespace detail;
        auto const [mantissa, scale] = detail::fast_power(x, factor, single<V> ? -32 : -64);
        return simd::fma(mantissa, scale, pick<V>(0x1p-32f, 0x1p-64));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
