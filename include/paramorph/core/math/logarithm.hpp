// The natural logarithm in constant evaluation: log, log1p, softplus.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

namespace detail {

// log(1 + f) - f for sqrt(1/2) <= 1 + f <= sqrt(2), plus what is handed in as low: s = f / (2 + f), z = s^2,
// log(1 + f) = 2 s + s z R(z) (error of R 2^-65).
constexpr double log_tail(double f, double low) noexcept {
    double const s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double const r =
        z * polynomial(z, 0.13252354819622547, 0.1325000044550636, 0.15387096259541971, 0.18181775530948488,
                       0.22222222648632753, 0.28571428569072144, 0.40000000000006297, 0.66666666666666663);
    return low + s * (half + r) - half;
}

// x = 2^k m with sqrt(1/2) <= m < sqrt(2), for positive finite x.
struct scaled {
    double m;
    int k;
};
constexpr scaled reduce_logarithm(double x) noexcept {
    auto const [fraction, exponent] = frexp(x);
    bool const low = fraction < 0.70710678118654752;
    return {low ? 2 * fraction : fraction, low ? exponent - 1 : exponent};
}

// log(x) to about 2^-63 of itself, for positive finite x.
constexpr pair log_pair(double x) noexcept {
    auto const [m, k] = reduce_logarithm(x);
    double const f = m - 1;
    auto const [dh, dl] = two_sum(1, m);
    double const s = f / dh;
    pair const p = two_product(s, dh);
    double const sl = (((f - p.hi) - p.lo) - s * dl) / dh;  // s + sl = f / (2 + f)
    pair const z = two_product(s, s);
    double const zl = z.lo + 2 * s * sl;
    double const q = polynomial(z.hi, 0.13252354819622547, 0.1325000044550636, 0.15387096259541971, 0.18181775530948488,
                                0.22222222648632753, 0.28571428569072144, 0.40000000000006297);
    pair const c = two_product(z.hi, 0.66666666666666663);  // z (2/3 + z q), in two parts
    pair const i = two_sum(c.hi, z.hi * z.hi * q);
    double const il = i.lo + c.lo + zl * (0.66666666666666663 + 2 * z.hi * q) + z.hi * 3.7007434154171886e-17;
    pair const t = two_product(s, i.hi);
    pair const a = two_sum(2 * s, t.hi);
    pair const b = two_sum(k * ln2_hi, a.hi);
    double const low = b.lo + (a.lo + (t.lo + s * il + sl * (2 + i.hi) + k * ln2_lo));
    pair const result = two_sum(b.hi, low);
    return result;
}

}  // namespace detail

// The natural logarithm; -infinity at zero, NaN below.
constexpr double log(double x) noexcept {
    if (!(x > 0)) return x == 0 ? -infinity : isnan(x) ? x : not_a_number;
    if (x == infinity) return x;
    auto const [m, k] = detail::reduce_logarithm(x);
    double const f = m - 1;
    return k * detail::ln2_hi + (f + detail::log_tail(f, k * detail::ln2_lo));
}

// log(1 + x), accurate near zero; -infinity at -1, NaN below.
constexpr double log1p(double x) noexcept {
    if (!(x > -1)) return x == -1 ? -infinity : isnan(x) ? x : not_a_number;
    if (x == infinity || abs(x) < 0x1p-54) return x;
    if (x > -0.29 && x < 0.41) return x + detail::log_tail(x, 0);
    double const u = 1 + x, lost = x > 1 ? 1 - (u - x) : x - (u - 1);
    auto const [m, k] = detail::reduce_logarithm(u);
    double const f = m - 1;
    return k * detail::ln2_hi + (f + detail::log_tail(f, k * detail::ln2_lo + lost / u));
}

// log(1 + e^x), accurate in both tails.
constexpr double softplus(double x) noexcept {
    return isnan(x) ? x : max(x, 0) + log1p(exp(-abs(x)));
}

}  // namespace paramorph::inline PARAMORPH_ABI::math
