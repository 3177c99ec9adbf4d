// The error function and the normal distribution in constant evaluation: erf, normal_cdf, gelu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

// The error function; below 1 an odd polynomial (error 2^-62), above by erfc(x) = e^(-x^2) G((x - 3) / (x + 3)).
constexpr double erf(double x) noexcept {
    double const a = abs(x);
    if (isnan(x)) return x;
    if (a < 1)
        return x + x * detail::polynomial(x * x, 5.9421156051294512e-11, -1.1363829018638026e-09, 1.4657410664102e-08,
                                          -1.6349956380190658e-07, 1.6460966409410135e-06, -1.4925593112717706e-05,
                                          0.00012055331020705089, -0.00085483269783033478, 0.0052239776247733028,
                                          -0.026866170645072122, 0.11283791670954853, -0.37612638903183748,
                                          0.12837916709551259);
    if (a >= 6) return copysign(1, x);
    double const g =
        detail::polynomial((a - 3) / (a + 3), -6.5761121276648896e-06, -6.4301839442325445e-06, 7.1639569876012736e-05,
                           5.0231550791512741e-05, -0.00059499312780496891, 0.00070830803082042883, 0.00426923332352262,
                           -0.024392489874912486, 0.071665837449327238, -0.15011593654534608, 0.24560380170778487,
                           -0.32623356004316589, 0.1790011511813899);
    detail::pair const square = detail::two_product(a, a);
    return copysign(1 - detail::exp(-square.hi, -square.lo) * g, x);
}

namespace detail {

// normal_cdf(x) for |x| <= 1 in two parts: 1/2 + x R(x^2). Error of R 2^-62.
constexpr pair normal_near(double x) noexcept {
    double const z = x * x;
    pair const r = two_sum(
        0.3989422804014327,
        z * polynomial(z, 4.0115096550660892e-12, -1.103113919092325e-10, 2.2696615409992674e-9, -4.1223152223851252e-8,
                       6.6596724303655868e-7, -9.4446554255907725e-6, 0.0001154346874026126, -0.0011873282154467176,
                       0.0099735570100328175, -0.066490380066905321));
    pair const p = two_product(x, r.hi), s = two_sum(0.5, p.hi);
    return {s.hi, s.lo + p.lo + x * (r.lo + -2.4923272022777301e-17)};
}

// numerator / (a + 4) e^(-a^2/2) G((a - 4) / (a + 4)), a normal_cdf(-a) for a numerator of a, for 1 <= a <= 40;
// rounded once where it is subnormal. The source and the fit of G (2^-60) are those of kernel/math/error_function.hpp;
// every factor comes in two parts.
constexpr double normal_tail(double a, double numerator) noexcept {
    pair const sum = two_sum(a, 4), difference = two_sum(a, -4);
    auto const divided = [&](pair x) {
        double const q = x.hi / sum.hi;
        pair const back = two_product(q, sum.hi);
        return pair{q, (((x.hi - back.hi) - back.lo) + x.lo - q * sum.lo) / sum.hi};
    };
    auto const [t, t_low] = divided(difference);
    auto const [part, part_low] = divided({numerator, 0});
    double const rest =
        t * polynomial(t, -7.6257773391792027e-9, 2.123606964920147e-8, 2.8267714072471704e-8, -9.3195199858449022e-8,
                       -1.6531637313071395e-7, 2.7912566760061966e-7, 1.0254703937119361e-6, -6.3314198691366236e-7,
                       -5.921039719119767e-6, 7.1761729020023143e-7, 3.5144796818941103e-5, -1.9084193557643831e-6,
                       -0.00023109494240500942, 0.00013334432894588992, 0.0016308184576891699, -0.0034796923683703004,
                       -0.0075401889667126407, 0.060396574890965799, -0.18652185795965794, 0.38713740074221421,
                       -0.6078966419718921);
    double const slope = polynomial(t, 0.242, -0.56, 0.774, -0.608);
    pair const g = two_sum(0.7552851304157515, rest), p = two_product(g.hi, part);
    pair const square = two_product(a, a);
    auto const [k, r, tail] = reduce_exponential(-0.5 * square.hi, -0.5 * square.lo);
    pair const e = two_sum(1, r + tail), product = two_product(p.hi, e.hi);
    double const low =
        (p.lo + (g.lo + (-2.2175033409973908e-17 + slope * t_low)) * part + g.hi * part_low) * e.hi + p.hi * e.lo;
    return ldexp(product.hi + (product.lo + low), k);
}

}  // namespace detail

// The normal distribution function (1 + erf(x / sqrt 2)) / 2, accurate in its left tail.
constexpr double normal_cdf(double x) noexcept {
    double const a = abs(x);
    if (isnan(x)) return x;
    if (a < 1) {
        detail::pair const y = detail::normal_near(x);
        return y.hi + y.lo;
    }
    if (a >= 39) return x > 0 ? 1 : 0;
    double const tail = detail::normal_tail(a, 1);
    return x > 0 ? 1 - tail : tail;
}

// x normal_cdf(x), rounded once where it is subnormal; -0 at -infinity.
constexpr double gelu(double x) noexcept {
    double const a = abs(x);
    if (isnan(x)) return x;
    if (a < 0x1p-60) return 0.5 * x;
    if (a < 1) {
        detail::pair const y = detail::normal_near(x), p = detail::two_product(x, y.hi);
        return p.hi + (p.lo + x * y.lo);
    }
    if (a >= 39) return x > 0 ? x : -0.0;
    double const tail = detail::normal_tail(a, a);
    return x > 0 ? x - tail : -tail;
}

}  // namespace paramorph::inline PARAMORPH_ABI::math
