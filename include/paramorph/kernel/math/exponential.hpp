// The exponential family of the accurate grade: exp, expm1.
//
// e^x is computed as (e^(x/2))^2: the scale 2^n of e^(x/2) is always a normal number, so one shift makes it, and the
// square reaches infinity and the subnormals with a single rounding. Source: reductions after Cody and Waite (1980).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/basic.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// e^(r Factor / 2) for |r Factor / 2| <= ln 2 / 2. Relative error 2^-29 and 2^-58.
template <class V, int Factor>
[[gnu::always_inline]] inline V exp_polynomial(V r) {
    constexpr double f = Factor, f2 = f * f, f4 = f2 * f2, f8 = f4 * f4;
    if constexpr (single<V>)
        return detail::polynomial(r, 1.0, f * 0.5, f2 * 0.124999985, f2 * f * 0.0208330378, f4 * 0.00260424614,
                                  f4 * f * 0.000261695706, f4 * f2 * 2.16363569e-05);
    else
        return detail::polynomial(r, 1.0, f * 0.5, f2 * 0.12500000000000031, f2 * f * 0.02083333333333277,
                                  f4 * 0.0026041666666573489, f4 * f * 0.00026041666667344119,
                                  f4 * f2 * 2.1701388978771825e-05, f4 * f2 * f * 1.5500991746981302e-06,
                                  f8 * 9.688082255911976e-08, f8 * f * 5.3823490549495455e-09,
                                  f8 * f2 * 2.6983452716297068e-10, f8 * f2 * f * 1.2202789574682037e-11);
}

// e^(x/2), and e^((x + low) / 2), for |x| <= 150 in float and 1400 in double, and |low| far below 1. Polynomial: 2^-29
// and 2^-58.
template <class V, class... Low>
[[gnu::always_inline]] inline V exp_half(V x, Low... low) {
    V const t = simd::fma(x, number<V>(0.72134752044448170), rounder<V>(0));
    V const n = t - rounder<V>(0);
    V r = simd::fnma(n, pick<V>(1.38629150390625f, 1.3862943611165974), x);
    r = simd::fnma(n, pick<V>(2.8572136406188345e-06f, 3.2931899165794165e-12), r);
    ((r = r + low), ...);
    return detail::exp_polynomial<V, 1>(r) * detail::power_of_two(t);
}

// A product, so that a caller can fuse it.
template <class V>
struct factors {
    V mantissa, scale;
};

// 2^(t + shift) for a t of whole eighths, whose count stands in its low bits, by a table in one register: 2^(j/8)
// without the j that the shifted count carries into the mantissa's top bits.
template <class V>
[[gnu::always_inline]] inline V power_of_eighths(V t, int shift) {
    auto const entry = [&](float root, std::int32_t j) {
        return std::bit_cast<std::int32_t>(root) + shift * (1 << 23) - (j << 20);
    };
    auto const root = simd::lookup<V>(detail::bits(t), entry(1.0f, 0), entry(0x1.172b84p+0f, 1),
                                      entry(0x1.306fe0p+0f, 2), entry(0x1.4bfdaep+0f, 3), entry(0x1.6a09e6p+0f, 4),
                                      entry(0x1.8ace54p+0f, 5), entry(0x1.ae89fap+0f, 6), entry(0x1.d5818ep+0f, 7));
    return simd::bit_cast<V>((detail::bits(t) << 20) + root);
}

// e^(Sign x) 2^shift, Sign 1 or -1, where Sign x / ln 2 + shift stays within the exponents of normal numbers. With a
// table in one register: 2^(j/8) times a cubic (Tang, "Table-driven implementation of the exponential function in IEEE
// floating-point arithmetic", ACM TOMS 15, 1989), relative error 2^-25. log2 e and what it lacks may be scaled: the
// exponential of a multiple of x.
template <int Sign, class V>
[[gnu::always_inline]] inline factors<V> exp_by_table(V x, int shift, V log2_e, V low) {
    auto const times = [](V a, V b, V c) __attribute__((always_inline)) {
        return Sign > 0 ? simd::fma(a, b, c) : simd::fnma(a, b, c);
    };
    auto const back = [](V a, V b, V c) __attribute__((always_inline)) {
        return Sign > 0 ? simd::fnma(a, b, c) : simd::fma(a, b, c);
    };
    // Adding 1.5 * 2^20 rounds to eighths and leaves their count in the low bits. What is left over enters with its
    // sign changed.
    V const magic = number<V>(0x1.8p20);
    V const t = times(x, log2_e, magic), n = t - magic;
    V const f = back(x, low, back(x, log2_e, n));
    V const scale = detail::power_of_eighths(t, shift);
    return {detail::polynomial(f, 1.0, -0.6931472085, 0.2402640729, -0.05549890046), scale};
}

// The same by a polynomial of degree 6 or 11.
template <int Sign, class V>
[[gnu::always_inline]] inline factors<V> exp_by_polynomial(V x, int shift) {
    V const signed_x = Sign > 0 ? x : V(-x);
    V const t = simd::fma(signed_x, number<V>(1.4426950408889634), rounder<V>(shift));
    V const n = t - rounder<V>(shift);
    V r = simd::fnma(n, pick<V>(0.693145751953125f, 0.69314718055829870), signed_x);
    r = simd::fnma(n, pick<V>(1.4286068203094172e-06f, 1.6465949582897083e-12), r);
    return {detail::exp_polynomial<V, 2>(r), detail::power_of_two(t)};
}

// The same of a multiple: e^(Sign factor x) 2^shift. A factor costs nothing where there is a table.
template <int Sign, class V>
[[gnu::always_inline]] inline factors<V> exp_parts(V x, int shift, double factor = 1) {
    double const log2_e = factor * 1.4426950408889634;
    if constexpr (simd::has_lookup<V>)
        return detail::exp_by_table<Sign>(x, shift, number<V>(log2_e), number<V>(log2_e - double(float(log2_e))));
    else
        return detail::exp_by_polynomial<Sign>(V(x * number<V>(factor)), shift);
}

template <class V>
[[gnu::always_inline]] inline V exp_scaled(V x, int shift) {
    auto const [mantissa, scale] = detail::exp_parts<1>(x, shift);
    return mantissa * scale;
}

// (e^y - 1 - y) / y^2 at y = Factor r, times Factor^2: e^y - 1 is r (Factor + r times it). Relative error of e^y - 1
// 2^-26 and 2^-61 for |y| <= ln 2 / 2.
template <class V, int Factor>
[[gnu::always_inline]] inline V expm1_polynomial(V r) {
    constexpr double f = Factor, f2 = f * f, f4 = f2 * f2, f8 = f4 * f4;
    if constexpr (single<V>)
        return detail::polynomial(r, f2 * 0.49999997, f2 * f * 0.166665435, f4 * 0.0416672006, f4 * f * 0.00836652983,
                                  f4 * f2 * 0.00138823548);
    else
        return detail::polynomial(r, f2 * 0.5, f2 * f * 0.16666666666666677, f4 * 0.041666666666666505,
                                  f4 * f * 0.0083333333333216637, f4 * f2 * 0.0013888888888962734,
                                  f4 * f2 * f * 0.00019841269886027149, f8 * 2.4801587171921313e-05,
                                  f8 * f * 2.7557244318270552e-06, f8 * f2 * 2.7557403135123951e-07,
                                  f8 * f2 * f * 2.5108996766041025e-08, f8 * f4 * 2.0875181546220173e-09);
}

// x + low = n ln 2 + r: scale = 2^(n + shift) and rest = e^r - 1.
template <class V>
struct scale_and_rest {
    V scale, rest;
};
template <class V, class... Low>
[[gnu::always_inline]] inline scale_and_rest<V> reduce_expm1(V x, int shift, Low... low) {
    V const t = simd::fma(x, number<V>(1.4426950408889634), rounder<V>(shift));
    V const n = t - rounder<V>(shift);
    V r = simd::fnma(n, pick<V>(0.693115234f, 0.69314718055920821), x);
    r = simd::fnma(n, pick<V>(3.19461849e-05f, 7.3710025651677989e-13), r);
    ((r = r + low), ...);
    return {detail::power_of_two(t), simd::fma(r * r, detail::expm1_polynomial<V, 1>(r), r)};
}

}  // namespace detail

// The exponential functions.
struct exponentials {
    // e^x. 16 operations.
    template <class V>
    [[gnu::always_inline]] static V exp(V x) {
        using namespace detail;
        V const h = detail::exp_half(detail::clamp(x, pick<V>(-150.0f, -1400.0), pick<V>(150.0f, 1400.0)));
        return h * h;
    }

    // e^x - 1, accurate near zero.
    template <class V>
    [[gnu::always_inline]] static V expm1(V x) {
        using namespace detail;
        auto const [scale, rest] =
            detail::reduce_expm1(detail::clamp(x, pick<V>(-30.0f, -50.0), pick<V>(89.0f, 710.0)), -1);
        V const half = simd::fma(scale, rest, scale - number<V>(0.5));
        return detail::with_sign(half + half, x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
