// What the compiler's elementary functions are made of: bits, exponents, exact sums and products, polynomials; and the
// square root.
//
// Source: exact products and sums after T. J. Dekker, A floating-point technique for extending the available precision
// (1971), and D. E. Knuth.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::math {

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

// The smaller; b when either is not a number (as `minsd` does).
constexpr double min(double a, double b) noexcept {
    return a < b ? a : b;
}
// The larger; b when either is not a number (as `maxsd` does).
constexpr double max(double a, double b) noexcept {
    return a > b ? a : b;
}

// The largest integer that is not above x.
constexpr double floor(double x) noexcept {
    if (!(abs(x) < 0x1p52) || x == 0) return x;
    double const whole = double(std::int64_t(x));
    return whole > x ? whole - 1 : copysign(whole, x);
}

// x = fraction * 2^exponent with 0.5 <= |fraction| < 1; exponent is 0 for zeros, infinities and NaN.
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

// x * 2^exponent, rounded once, also where the result is subnormal or infinite.
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

// hi + lo, where lo is what hi cannot hold.
struct pair {
    double hi, lo;
};

// a + b exactly (Knuth).
constexpr pair two_sum(double a, double b) noexcept {
    double const s = a + b, t = s - a;
    return {s, (a - (s - t)) + (b - t)};
}

// a * b exactly, up to 2^-104 (Dekker; the halves are cut by masks, so that no compiler can contract the split).
constexpr pair two_product(double a, double b) noexcept {
    double const ah = std::bit_cast<double>(std::bit_cast<std::uint64_t>(a) & ~0x7ffffffull), al = a - ah;
    double const bh = std::bit_cast<double>(std::bit_cast<std::uint64_t>(b) & ~0x7ffffffull), bl = b - bh;
    double const p = a * b;
    return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

// The polynomial with these coefficients, highest power first, by Horner's rule: one step of evaluation.
template <class... C>
constexpr double polynomial(double x, double highest, C... lower) noexcept {
    return ((highest = highest * x + lower), ...);
}

}  // namespace detail

// The square root, correctly rounded; NaN below zero.
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

// 1 / sqrt(x); infinite at zero, with its sign; NaN below.
constexpr double rsqrt(double x) noexcept {
    if (x == 0) return copysign(infinity, x);
    return x > 0 ? 1 / sqrt(x) : not_a_number;
}

}  // namespace paramorph::inline PARAMORPH_ABI::math
