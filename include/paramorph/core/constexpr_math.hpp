// Elementary functions that can be evaluated by the compiler, in double: no compiler of 2024 but g++ offers them.
//
// The interpreter of the graph, frozen weights and every `static_assert` about a parametrization rest on this header.
// It calls no library function, includes no <cmath>, and runs the same code in constant evaluation and at run time
// (sqrt: the instruction). No intermediate overflows and no operation makes a NaN: constant evaluation refuses both.
//
// Accuracy: at most 2 ulp over the whole domain, subnormal arguments and results, infinities and NaN included (sqrt is
// correctly rounded). Cost: 40 to 100 of
// clang's evaluation steps for one call; 200 for sin and cos beyond 2^20, 250 for pow.
// Source: reductions after W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980), and M. Payne
// and R. Hanek, Radian reduction for trigonometric functions (1983); exact products and sums after T. J. Dekker (1971);
// the polynomials are this library's own minimax fits, with the error of each beside it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace paramorph::math {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

constexpr bool isnan(double x) noexcept {
    return x != x;
}
constexpr bool isfinite(double x) noexcept {
    return x <= std::numeric_limits<double>::max() && x >= -std::numeric_limits<double>::max();
}
constexpr bool signbit(double x) noexcept {
    return std::bit_cast<std::uint64_t>(x) >> 63 != 0;
}
constexpr double abs(double x) noexcept {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0x7fffffffffffffffu);
}
constexpr double copysign(double x, double sign) noexcept {
    return signbit(x) == signbit(sign) ? x : -x;
}

/// The smaller; b when either is not a number (as `minsd` does).
constexpr double min(double a, double b) noexcept {
    return a < b ? a : b;
}
/// The larger; b when either is not a number (as `maxsd` does).
constexpr double max(double a, double b) noexcept {
    return a > b ? a : b;
}

/// The largest integer that is not above x.
constexpr double floor(double x) noexcept {
    if (!(abs(x) < 0x1p52) || x == 0) return x;
    double const whole = double(std::int64_t(x));
    return whole > x ? whole - 1 : copysign(whole, x);
}

/// x = fraction * 2^exponent with 0.5 <= |fraction| < 1; exponent is 0 for zeros, infinities and NaN.
struct fraction_and_exponent {
    double fraction;
    int exponent;
};
constexpr fraction_and_exponent frexp(double x) noexcept {
    if (x == 0 || !isfinite(x)) return {x, 0};
    bool const small = abs(x) < std::numeric_limits<double>::min();
    auto const bits = std::bit_cast<std::uint64_t>(small ? x * 0x1p54 : x);
    return {std::bit_cast<double>((bits & 0x800fffffffffffffu) | 0x3fe0000000000000u),
            int(bits >> 52 & 0x7ff) - (small ? 1022 + 54 : 1022)};
}

/// x * 2^exponent, rounded once, also where the result is subnormal or infinite.
constexpr double ldexp(double x, int exponent) noexcept {
    if (x == 0 || !isfinite(x)) return x;
    fraction_and_exponent const own = frexp(x);
    std::int64_t const e = std::int64_t(own.exponent) + exponent;
    if (e > 1024) return copysign(infinity, x);
    if (e < -1080) return copysign(0.0, x);
    auto const scaled = [&](std::int64_t to) {
        return std::bit_cast<double>((std::bit_cast<std::uint64_t>(own.fraction) & 0x800fffffffffffffu) |
                                     std::uint64_t(to + 1022) << 52);
    };
    return e >= -1021 ? scaled(e) : scaled(e + 128) * 0x1p-128;
}

namespace detail {

/// hi + lo, where lo is what hi cannot hold.
struct pair {
    double hi, lo;
};

/// a + b exactly (Knuth).
constexpr pair two_sum(double a, double b) noexcept {
    double const s = a + b, t = s - a;
    return {s, (a - (s - t)) + (b - t)};
}

/// a * b exactly, up to 2^-104 (Dekker; the halves are cut by masks, so that no compiler can contract the split).
constexpr pair two_product(double a, double b) noexcept {
    double const ah = std::bit_cast<double>(std::bit_cast<std::uint64_t>(a) & ~0x7ffffffull), al = a - ah;
    double const bh = std::bit_cast<double>(std::bit_cast<std::uint64_t>(b) & ~0x7ffffffull), bl = b - bh;
    double const p = a * b;
    return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

/// The polynomial with these coefficients, highest power first, by Horner's rule: one step of evaluation.
template <class... C>
constexpr double polynomial(double x, double highest, C... lower) noexcept {
    return ((highest = highest * x + lower), ...);
}

inline constexpr double log2_e = 1.4426950408889634, ln2_hi = 0.693147180369123816490,
                        ln2_lo = 1.90821492927058770002e-10;

/// x = k ln 2 + r + correction; `tail` is e^(r + correction) - 1 - r. |r| <= 0.3466; error of the polynomial 2^-61.
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

/// e^(x + low) for finite x and |low| far below |x|.
constexpr double exp(double x, double low) noexcept {
    if (x > 709.79) return infinity;
    if (x < -745.14) return 0;
    auto const [k, r, tail] = reduce_exponential(x, low);
    return ldexp(1 + (r + tail), k);
}

/// log(1 + f) - f for sqrt(1/2) <= 1 + f <= sqrt(2), plus what is handed in as low: s = f / (2 + f), z = s^2,
/// log(1 + f) = 2 s + s z R(z) (error of R 2^-65).
constexpr double log_tail(double f, double low) noexcept {
    double const s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double const r =
        z * polynomial(z, 0.13252354819622547, 0.1325000044550636, 0.15387096259541971, 0.18181775530948488,
                       0.22222222648632753, 0.28571428569072144, 0.40000000000006297, 0.66666666666666663);
    return low + s * (half + r) - half;
}

/// x = 2^k m with sqrt(1/2) <= m < sqrt(2), for positive finite x.
struct scaled {
    double m;
    int k;
};
constexpr scaled reduce_logarithm(double x) noexcept {
    auto const [fraction, exponent] = frexp(x);
    bool const low = fraction < 0.70710678118654752;
    return {low ? 2 * fraction : fraction, low ? exponent - 1 : exponent};
}

/// log(x) to about 2^-63 of itself, for positive finite x.
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

/// The high and low words of a * b.
struct words {
    std::uint64_t hi, lo;
};
constexpr words multiply(std::uint64_t a, std::uint64_t b) noexcept {
    std::uint64_t const al = a & 0xffffffffu, ah = a >> 32, bl = b & 0xffffffffu, bh = b >> 32;
    std::uint64_t const middle = ah * bl + (al * bl >> 32), other = al * bh + (middle & 0xffffffffu);
    return {ah * bh + (middle >> 32) + (other >> 32), a * b};
}

/// 64 zeros, then the bits of 2 / pi.
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

/// x = (quadrant + 4 n) pi / 2 + hi + lo, |hi| <= pi / 4 (a little more is possible), for finite x.
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

/// sin and cos of hi + lo; errors of the polynomials 2^-68 and 2^-75.
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

/// The square root, correctly rounded; NaN below zero.
constexpr double sqrt(double x) noexcept {
    if (!std::is_constant_evaluated()) return __builtin_sqrt(x);
    if (x < 0) return not_a_number;
    if (x == 0 || !(x < infinity)) return x;
    auto const [fraction, exponent] = frexp(x);
    bool const odd = exponent & 1;
    double const m = odd ? 2 * fraction : fraction;  // 1/2 <= m < 2, then five Newton steps
    double y = 0.41731 + 0.59016 * m;
    y = 0.5 * (y + m / y);
    y = 0.5 * (y + m / y);
    y = 0.5 * (y + m / y);
    y = 0.5 * (y + m / y);
    double const ulp = y < 1 ? 0x1p-53 : 0x1p-52;
    detail::pair const square = detail::two_product(y, y);  // the remainder is exact, so the rounding can be decided
    double const remainder = (m - square.hi) - square.lo;
    y = remainder > y * ulp ? y + ulp : remainder <= -y * ulp ? y - ulp : y;
    return ldexp(y, (odd ? exponent - 1 : exponent) / 2);
}

/// e^x.
constexpr double exp(double x) noexcept {
    return isnan(x) ? x : detail::exp(x, 0);
}

/// e^x - 1, accurate near zero.
constexpr double expm1(double x) noexcept {
    if (isnan(x) || x == 0 || x > 709.79) return x > 709.79 ? infinity : x;
    if (x < -40) return -1;
    if (abs(x) < 0x1p-54) return x;
    auto const [k, r, tail] = detail::reduce_exponential(x, 0);
    if (k > 60) return ldexp(1 + (r + tail), k);
    double const s = ldexp(1, k);
    return (s * r + (s - 1)) + s * tail;
}

/// The natural logarithm; -infinity at zero, NaN below.
constexpr double log(double x) noexcept {
    if (!(x > 0)) return x == 0 ? -infinity : isnan(x) ? x : not_a_number;
    if (x == infinity) return x;
    auto const [m, k] = detail::reduce_logarithm(x);
    double const f = m - 1;
    return k * detail::ln2_hi + (f + detail::log_tail(f, k * detail::ln2_lo));
}

/// log(1 + x), accurate near zero; -infinity at -1, NaN below.
constexpr double log1p(double x) noexcept {
    if (!(x > -1)) return x == -1 ? -infinity : isnan(x) ? x : not_a_number;
    if (x == infinity || abs(x) < 0x1p-54) return x;
    if (x > -0.29 && x < 0.41) return x + detail::log_tail(x, 0);
    double const u = 1 + x, lost = x > 1 ? 1 - (u - x) : x - (u - 1);
    auto const [m, k] = detail::reduce_logarithm(u);
    double const f = m - 1;
    return k * detail::ln2_hi + (f + detail::log_tail(f, k * detail::ln2_lo + lost / u));
}

/// sin x, x in radians; NaN at infinity.
constexpr double sin(double x) noexcept {
    if (!isfinite(x)) return not_a_number;
    if (abs(x) < 0x1p-27) return x;
    auto const [quadrant, rest] = detail::reduce_angle(x);
    return detail::quarter_wave(quadrant, rest);
}

/// cos x, x in radians; NaN at infinity.
constexpr double cos(double x) noexcept {
    if (!isfinite(x)) return not_a_number;
    auto const [quadrant, rest] = detail::reduce_angle(x);
    return detail::quarter_wave(quadrant + 1, rest);
}

/// The hyperbolic tangent: Lambert's continued fraction below 0.6, 1 - 2 / (e^2x + 1) above.
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

/// The error function; below 1 an odd polynomial (error 2^-62), above by erfc(x) = e^(-x^2) G((x - 3) / (x + 3)).
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

/// x^y with the special cases of C: pow(x, 0) and pow(1, y) are 1, NaN for a negative x with a y that is no integer.
constexpr double pow(double x, double y) noexcept {
    if (y == 0 || x == 1) return 1;
    if (isnan(x) || isnan(y)) return not_a_number;
    bool const whole = floor(y) == y, odd = whole && abs(y) < 0x1p53 && (std::int64_t(y) & 1) != 0;
    bool const negative = signbit(x) && odd;
    double const a = abs(x);
    if (a == 1) return whole ? (negative ? -1 : 1) : not_a_number;  // an infinite y is whole and even: pow(-1, inf) = 1
    if (x < 0 && !whole && isfinite(x)) return not_a_number;
    double const huge = negative ? -infinity : infinity, nothing = negative ? -0.0 : 0.0;
    if (a == 0 || a == infinity) return (a == 0) == (y < 0) ? huge : nothing;
    if (abs(y) > 1e20) return (a > 1) == (y > 0) ? infinity : 0;
    if (abs(y) < 1e-20) return 1;
    detail::pair const l = detail::log_pair(a), p = detail::two_product(y, l.hi);
    if (abs(p.hi) > 800) return p.hi > 0 ? huge : nothing;
    double const result = detail::exp(p.hi, p.lo + y * l.lo);
    return negative ? -result : result;
}

/// 1 / (1 + e^-x), accurate in both tails.
constexpr double sigmoid(double x) noexcept {
    double const e = exp(-abs(x));
    return isnan(x) ? x : x < 0 ? e - e * (e / (1 + e)) : 1 / (1 + e);
}

/// log(1 + e^x), accurate in both tails.
constexpr double softplus(double x) noexcept {
    return isnan(x) ? x : max(x, 0) + log1p(exp(-abs(x)));
}

/// The policy for constant evaluation: an operation written once as `value<M>(x)` calls `M::exp(x)`, and M is this, or
/// `kernel::accurate` for vectors.
struct constant {
    static constexpr double abs(double x) noexcept { return math::abs(x); }
    static constexpr double sqrt(double x) noexcept { return math::sqrt(x); }
    static constexpr double exp(double x) noexcept { return math::exp(x); }
    static constexpr double expm1(double x) noexcept { return math::expm1(x); }
    static constexpr double log(double x) noexcept { return math::log(x); }
    static constexpr double log1p(double x) noexcept { return math::log1p(x); }
    static constexpr double tanh(double x) noexcept { return math::tanh(x); }
    static constexpr double sigmoid(double x) noexcept { return math::sigmoid(x); }
    static constexpr double sigmoid(double x, double factor) noexcept { return math::sigmoid(factor * x); }
    static constexpr double softplus(double x) noexcept { return math::softplus(x); }
    static constexpr double sin(double x) noexcept { return math::sin(x); }
    static constexpr double cos(double x) noexcept { return math::cos(x); }
    static constexpr double erf(double x) noexcept { return math::erf(x); }
    static constexpr double min(double a, double b) noexcept { return math::min(a, b); }
    static constexpr double max(double a, double b) noexcept { return math::max(a, b); }
    static constexpr double select(bool condition, double a, double b) noexcept { return condition ? a : b; }
    static constexpr double fma(double a, double b, double c) noexcept { return a * b + c; }
};

static_assert(sqrt(2) == 1.4142135623730951 && sqrt(1e-320) == 9.9999443357584897e-161 && sqrt(0.25) == 0.5);
static_assert(exp(0) == 1 && exp(1) == 2.7182818284590451 && exp(-infinity) == 0 && exp(710) == infinity);
static_assert(log(1) == 0 && log(10) == 2.3025850929940457 && log(0) == -infinity && isnan(log(-1)));
static_assert(expm1(1e-300) == 1e-300 && log1p(1e-300) == 1e-300 && log1p(-1) == -infinity);
static_assert(tanh(1) == 0.76159415595576485 && tanh(-infinity) == -1 && erf(infinity) == 1 &&
              isnan(erf(not_a_number)));
static_assert(sin(1e22) == -0.85220084976718879 && cos(0) == 1 && pow(2, 10) == 1024 && pow(-2, 3) == -8);
static_assert(sigmoid(0) == 0.5 && sigmoid(-infinity) == 0 && softplus(-infinity) == 0 && softplus(1000) == 1000);
static_assert(floor(-0.5) == -1 && ldexp(1, -1074) == 4.9406564584124654e-324 && frexp(8).exponent == 4);

}  // namespace paramorph::math
