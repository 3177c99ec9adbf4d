// e^x and what is made of it, in constant evaluation: exp, expm1, sigmoid, silu, tanh.
//
// Source: reduction after W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/basic.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

namespace detail {

inline constexpr double log2_e = 1.4426950408889634, ln2_hi = 0.693147180369123816490,
                        ln2_lo = 1.90821492927058770002e-10;

// x = k ln 2 + r + correction; `tail` is e^(r + correction) - 1 - r. |r| <= 0.3466; error of the polynomial 2^-61.
struct exponential {
    int k;
    double r, tail;
};
constexpr exponential reduce_exponential(double x, double low) noexcept {
    int const k = int(x * log2_e + (x < 0 ? -0.5 : 0.5));
    double const hi = x - k * ln2_hi, lo = k * ln2_lo - low, r = hi - lo;
    double const q =
        polynomial(r, 2.0875181546220173e-09, 2.5108996766041025e-08, 2.7557403135123951e-07, 2.7557244318270552e-06,
                   2.4801587171921313e-05, 0.00019841269886027149, 0.0013888888888962734, 0.0083333333333216637,
                   0.041666666666666505, 0.16666666666666677, 0.5);
    return {k, r, r * r * q + ((hi - r) - lo) * (1 + r)};
}

// e^(x + low) for finite x and |low| far below |x|.
constexpr double exp(double x, double low) noexcept {
    if (x > 709.79) return infinity;
    if (x < -745.14) return 0;
    auto const [k, r, tail] = reduce_exponential(x, low);
    return ldexp(1 + (r + tail), k);
}

}  // namespace detail

// e^x.
constexpr double exp(double x) noexcept {
    return isnan(x) ? x : detail::exp(x, 0);
}

// e^x - 1, accurate near zero.
constexpr double expm1(double x) noexcept {
    if (isnan(x) || x == 0 || x > 709.79) return x > 709.79 ? infinity : x;
    if (x < -40) return -1;
    if (abs(x) < 0x1p-54) return x;
    auto const [k, r, tail] = detail::reduce_exponential(x, 0);
    if (k > 60) return ldexp(1 + (r + tail), k);
    double const s = ldexp(1, k);
    return (s * r + (s - 1)) + s * tail;
}

// The hyperbolic tangent: Lambert's continued fraction below 0.6, 1 - 2 / (e^2x + 1) above.
constexpr double tanh(double x) noexcept {
    double const a = abs(x);
    if (isnan(x) || a < 0x1p-28) return x;
    if (a < 0.6) {
        double const z = x * x;
        double const d = 3 + z / (5 + z / (7 + z / (9 + z / (11 + z / (13 + z / (15 + z / 17))))));
        return x - x * (z / (d + z));
    }
    return copysign(a > 20 ? 1 : 1 - 2 / (exp(2 * a) + 1), x);
}

// 1 / (1 + e^-x), accurate in both tails.
constexpr double sigmoid(double x) noexcept {
    double const e = exp(-abs(x));
    return isnan(x) ? x : x < 0 ? e - e * (e / (1 + e)) : 1 / (1 + e);
}

// x / (1 + e^-x), rounded once where it is subnormal; -0 at -infinity.
constexpr double silu(double x) noexcept {
    if (isnan(x) || x > 40) return x;
    if (x < -760) return -0.0;
    if (x > -40) return x / (1 + exp(-x));
    auto const [k, r, tail] = detail::reduce_exponential(x, 0);
    return ldexp(x * (1 + (r + tail)), k);
}

}  // namespace paramorph::inline PARAMORPH_ABI::math
