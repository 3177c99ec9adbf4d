// sin and cos in constant evaluation, for all arguments.
//
// Source: M. Payne and R. Hanek, Radian reduction for trigonometric functions, SIGNUM Newsletter 18 (1983).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/math/basic.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

namespace detail {

// The high and low words of a * b.
struct words {
    std::uint64_t hi, lo;
};
constexpr words multiply(std::uint64_t a, std::uint64_t b) noexcept {
    std::uint64_t const al = a & 0xffffffffu, ah = a >> 32, bl = b & 0xffffffffu, bh = b >> 32;
    std::uint64_t const middle = ah * bl + (al * bl >> 32), other = al * bh + (middle & 0xffffffffu);
    return {ah * bh + (middle >> 32) + (other >> 32), a * b};
}

// 64 zeros, then the bits of 2 / pi.
inline constexpr std::uint64_t two_over_pi[] = {0,
                                                0xa2f9836e4e441529,
                                                0xfc2757d1f534ddc0,
                                                0xdb6295993c439041,
                                                0xfe5163abdebbc561,
                                                0xb7246e3a424dd2e0,
                                                0x06492eea09d1921c,
                                                0xfe1deb1cb129a73e,
                                                0xe88235f52ebb4484,
                                                0xe99c7026b45f7e41,
                                                0x3991d639835339f4,
                                                0x9c845f8bbdf9283b,
                                                0x1ff897ffde05980f,
                                                0xef2f118b5a0a6d1f,
                                                0x6d367ecf27cb09b7,
                                                0x4f463f669e5fea2d,
                                                0x7527bac7ebe5f17b,
                                                0x3d0739f78a5292ea,
                                                0x6bfb5fb11f8d5d08,
                                                0x56033046fc7b6bab,
                                                0xf0cfbc209af4361d};

// x = (quadrant + 4 n) pi / 2 + hi + lo, |hi| <= pi / 4 (a little more is possible), for finite x.
struct angle {
    int quadrant;
    pair rest;
};
constexpr angle reduce_angle(double x) noexcept {
    if (abs(x) < 0.78) return {0, {x, 0}};
    if (abs(x) < 0x1p20) {  // pi / 2 in three parts of 33 bits, whose multiples are exact, and the rest
        int const n = int(x * 0.63661977236758138 + (x < 0 ? -0.5 : 0.5));
        pair const a = two_sum(x - n * 1.5707963267341256, n * -6.077100506303966e-11);
        pair const b = two_sum(a.hi, n * -2.0222662487111665e-21);
        return {n & 3, two_sum(b.hi, a.lo + b.lo - n * 8.4784276603688996e-32)};
    }
    // |x| = m 2^e: the 192 bits of 2 / pi from bit e - 2 on, times m, give x / (pi / 2) modulo 4
    auto const bits = std::bit_cast<std::uint64_t>(x);
    std::uint64_t const m = (bits & 0xfffffffffffffu) | 0x10000000000000u;
    int const at = int(bits >> 52 & 0x7ff) - 1075 - 2 + 64, shift = at % 64;
    auto const word = [&](int i) {
        std::uint64_t const* const w = two_over_pi + at / 64 + i;
        return shift == 0 ? w[0] : w[0] << shift | w[1] >> (64 - shift);
    };
    words const low = multiply(m, word(2)), middle = multiply(m, word(1));
    std::uint64_t const r1 = low.hi + middle.lo, r0 = m * word(0) + middle.hi + (r1 < low.hi ? 1 : 0);
    int const quadrant = int(r0 >> 62);
    std::uint64_t f0 = r0 << 2 | r1 >> 62, f1 = r1 << 2 | low.lo >> 62;
    bool const above = f0 >> 63 != 0;  // past the middle: measure from the next quadrant
    if (above) f0 = ~f0, f1 = ~f1;
    int const zeros = std::countl_zero(f0);
    if (zeros > 0) f0 = f0 << zeros | f1 >> (64 - zeros), f1 <<= zeros;
    pair const f = {ldexp(double(f0 >> 11), -53 - zeros), ldexp(double((f0 << 53 | f1 >> 11) >> 11), -106 - zeros)};
    pair const p = two_product(f.hi, 1.5707963267948966);
    pair const r = two_sum(p.hi, p.lo + (f.hi * 6.123233995736766e-17 + f.lo * 1.5707963267948966));
    bool const negative = signbit(x);
    int const q = above ? quadrant + 1 : quadrant;
    return {(negative ? -q : q) & 3, negative == above ? r : pair{-r.hi, -r.lo}};
}

// sin and cos of hi + lo; errors of the polynomials 2^-68 and 2^-75.
constexpr double sin_kernel(pair x) noexcept {
    double const z = x.hi * x.hi;
    double const s = z * polynomial(z, -7.578687943216865e-13, 1.6058366416726626e-10, -2.5052104909822912e-08,
                                    2.7557319214183066e-06, -0.00019841269841255053, 0.0083333333333333228);
    return x.hi + (x.hi * z * (s - 0.16666666666666666) + x.lo * (1 - 0.5 * z));
}
constexpr double cos_kernel(pair x) noexcept {
    double const z = x.hi * x.hi, half = 0.5 * z, w = 1 - half;
    double const c =
        z * z *
        polynomial(z, 4.7380644018388468e-14, -1.1470292237002171e-11, 2.0876754356643166e-09, -2.7557319215331006e-07,
                   2.4801587301571384e-05, -0.0013888888888888874, 0.041666666666666664);
    return w + (((1 - w) - half) + (c - x.hi * x.lo));
}
constexpr double quarter_wave(int quadrant, pair x) noexcept {
    double const y = quadrant & 1 ? cos_kernel(x) : sin_kernel(x);
    return quadrant & 2 ? -y : y;
}

}  // namespace detail

// sin x, x in radians; NaN at infinity.
constexpr double sin(double x) noexcept {
    if (!isfinite(x)) return not_a_number;
    if (abs(x) < 0x1p-27) return x;
    auto const [quadrant, rest] = detail::reduce_angle(x);
    return detail::quarter_wave(quadrant, rest);
}

// cos x, x in radians; NaN at infinity.
constexpr double cos(double x) noexcept {
    if (!isfinite(x)) return not_a_number;
    auto const [quadrant, rest] = detail::reduce_angle(x);
    return detail::quarter_wave(quadrant + 1, rest);
}

}  // namespace paramorph::inline PARAMORPH_ABI::math
