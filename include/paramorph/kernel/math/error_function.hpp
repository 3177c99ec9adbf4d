// The error function and what comes from it, accurate grade: erf, normal_cdf, gelu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// The normal distribution function near zero, normal_cdf(x) = 1/2 + x R(x^2): R for |x| <= 1 (2^-31, 2^-62).
template <class V>
[[gnu::always_inline]] inline V normal_near(V square) {
    if constexpr (single<V>)
        return detail::polynomial(square, 0.398942278, -0.0664903144, 0.00997307839, -0.00118578501, 0.000112952194,
                                  -7.46290161e-6);
    else
        return detail::polynomial(square, 0.39894228040143268, -0.066490380066905321, 0.0099735570100328175,
                                  -0.0011873282154467176, 0.0001154346874026126, -9.4446554255907725e-6,
                                  6.6596724303655868e-7, -4.1223152223851252e-8, 2.2696615409992674e-9,
                                  -1.103113919092325e-10, 4.0115096550660892e-12);
}

// Its tail at -a, 1 <= a <= 15 in float and 39 in double: (a + k) normal_cdf(-a) 2^shift = e^(-a^2/2) G(t) 2^shift
// with t = (a - k) / (a + k), after M. M. Shepherd and J. G. Laframboise, Chebyshev approximation of (1 + 2x) exp(x^2)
// erfc x in 0 <= x < infinity, Mathematics of Computation 36 (1981). Relative error of G 2^-27 and 2^-60. The
// exponential knows what a^2 loses when it is rounded.
template <class V>
[[gnu::always_inline]] inline factors<V> normal_tail(pair<V> square, V t) {
    V const half = number<V>(-0.5);
    auto const [scale, rest] = detail::reduce_expm1(V(half * square.hi), single<V> ? 64 : 512, V(half * square.lo));
    V g;
    if constexpr (single<V>)
        g = detail::polynomial(t, 0.706656654, -0.433692178, 0.131987707, 0.0092404944, -0.0164006725, -0.00163274646,
                               0.00262691897, 0.000722124609, -0.000564243358);
    else
        g = detail::polynomial(t, 0.75528513041575149, -0.6078966419718921, 0.38713740074221421, -0.18652185795965794,
                               0.060396574890965799, -0.0075401889667126407, -0.0034796923683703004,
                               0.0016308184576891699, 0.00013334432894588992, -0.00023109494240500942,
                               -1.9084193557643831e-6, 3.5144796818941103e-5, 7.1761729020023143e-7,
                               -5.921039719119767e-6, -6.3314198691366236e-7, 1.0254703937119361e-6,
                               2.7912566760061966e-7, -1.6531637313071395e-7, -9.3195199858449022e-8,
                               2.8267714072471704e-8, 2.123606964920147e-8, -7.6257773391792027e-9);
    return {simd::fma(rest, g, g), scale};
}
template <class V>
[[gnu::always_inline]] inline V tail_start() {
    return pick<V>(2.5f, 4.0);
}
template <class V>
[[gnu::always_inline]] inline V tail_scaled_back(V x) {
    return x * pick<V>(0x1p-64f, 0x1p-512);
}
template <class V>
[[gnu::always_inline]] inline V tail_end(V x) {
    return simd::min(pick<V>(15.0f, 39.0), V(simd::abs(x)));
}

}  // namespace detail

// The error function and its kin.
struct error_functions {
    // The error function: an odd polynomial below 1 (2^-34, 2^-62), 1 - e^(-x^2) G((x - k) / (x + k)) above.
    template <class V>
    [[gnu::always_inline]] static V erf(V x) {
        using namespace detail;
        V const a = simd::min(pick<V>(4.0f, 6.0), simd::abs(x)), z = a * a;
        V const k = pick<V>(2.0f, 3.0), t = (a - k) / (a + k);
        V near, far;
        if constexpr (single<V>) {
            near = detail::polynomial(z, 0.128379166, -0.376126379, 0.112837821, -0.0268653966, 0.00522093475,
                                      -0.000848266296, 0.000112556496, -9.63755156e-06);
            far = detail::polynomial(t, 0.255395681, -0.427185863, 0.241657272, -0.0789868161, 0.00373008358,
                                     0.00721297786);
        } else {
            near = detail::polynomial(z, 0.12837916709551259, -0.37612638903183748, 0.11283791670954853,
                                      -0.026866170645072122, 0.0052239776247733028, -0.00085483269783033478,
                                      0.00012055331020705089, -1.4925593112717706e-05, 1.6460966409410135e-06,
                                      -1.6349956380190658e-07, 1.4657410664102e-08, -1.1363829018638026e-09,
                                      5.9421156051294512e-11);
            far = detail::polynomial(t, 0.1790011511813899, -0.32623356004316589, 0.24560380170778487,
                                     -0.15011593654534608, 0.071665837449327238, -0.024392489874912486,
                                     0.00426923332352262, 0.00070830803082042883, -0.00059499312780496891,
                                     5.0231550791512741e-05, 7.1639569876012736e-05, -6.4301839442325445e-06,
                                     -6.5761121276648896e-06);
        }
        V const h = detail::exp_half(V(-z));
        V const y = simd::select(a < number<V>(1), simd::fma(a, near, a), simd::fnma(h * h, far, number<V>(1)));
        return detail::with_sign(y, x);
    }

    // The normal distribution function, (1 + erf(x / sqrt 2)) / 2, accurate in its left tail.
    template <class V>
    [[gnu::always_inline]] static V normal_cdf(V x) {
        using namespace detail;
        V const one = number<V>(1), a = detail::tail_end(x), sum = a + tail_start<V>(), part = a / sum;
        auto const square = detail::two_product(a, a);
        auto const [mantissa, scale] = detail::normal_tail(square, V(part + part - one));
        V const far = detail::tail_scaled_back(V(mantissa / sum * scale));
        V const near = simd::fma(x, detail::normal_near(square.hi), number<V>(0.5));
        return simd::select(a < one, near, simd::select(x < number<V>(0), far, one - far));
    }

    // x normal_cdf(x), rounded once where it is subnormal; -0 at -infinity.
    template <class V>
    [[gnu::always_inline]] static V gelu(V x) {
        using namespace detail;
        V const one = number<V>(1), a = detail::tail_end(x), part = a / (a + tail_start<V>());
        auto const square = detail::two_product(a, a);
        auto const [mantissa, scale] = detail::normal_tail(square, V(part + part - one));
        V const far = simd::max(number<V>(0), x) - detail::tail_scaled_back(V(mantissa * part * scale));
        V const near = x * simd::fma(x, detail::normal_near(square.hi), number<V>(0.5));
        return detail::with_sign(simd::select(a < one, near, far), x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
