// sin and cos of the accurate grade. Arguments beyond 8,192 in float and 2^20 in double go lane by lane through the
// interpreter's functions, whose reduction is right everywhere (Payne and Hanek); where a float is no vector, through
// one of its own, which needs no double.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/basic.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

float large_sin_or_cos(float x, int quarter) noexcept;

// sin x for quarter = 0, cos x for quarter = 1. pi / 2 comes in parts whose multiples are exact.
template <class V, int Quarter>
[[gnu::always_inline]] inline V sin_or_cos(V x) {
    using I = simd::integer_t<V>;
    if (simd::any(!(simd::abs(x) < pick<V>(8192.0f, 0x1p20)))) {
        if constexpr (std::is_same_v<V, float>)
            return detail::large_sin_or_cos(x, Quarter);
        else
            return detail::lane_by_lane<(Quarter == 1 ? math::cos : math::sin)>(x);
    }
    V const magic = pick<V>(0x1.8p23f, 0x1.8p52);
    V const t = simd::fma(x, number<V>(0.63661977236758138), magic), n = t - magic;
    V r = simd::fnma(n, pick<V>(1.5703125f, 1.5707963267341256), x);
    r = simd::fnma(n, pick<V>(0.000483751297f, 6.077100506303966e-11), r);
    V const before = r, part = n * pick<V>(7.54953362e-08f, 2.0222662487111665e-21);
    r = before - part;
    V const low = (before - r) - part - n * pick<V>(2.56334415e-12f, 8.4784276603688996e-32);
    r = r + low;
    V const z = r * r;
    V s, c;
    if constexpr (single<V>) {
        s = detail::polynomial(z, -0.166666672, 0.00833332911, -0.000198393274, 2.71825115e-06);
        c = detail::polynomial(z, 0.0416666679, -0.00138888834, 2.4799514e-05, -2.72097992e-07);
    } else {
        s = detail::polynomial(z, -0.16666666666666666, 0.0083333333333333228, -0.00019841269841255053,
                               2.7557319214183066e-06, -2.5052104909822912e-08, 1.6058366416726626e-10,
                               -7.578687943216865e-13);
        c = detail::polynomial(z, 0.041666666666666664, -0.0013888888888888874, 2.4801587301571384e-05,
                               -2.7557319215331006e-07, 2.0876754356643166e-09, -1.1470292237002171e-11,
                               4.7380644018388468e-14);
    }
    s = simd::fma(z * r, s, r);
    c = simd::fma(z * z, c, simd::fnma(number<V>(0.5), z, number<V>(1)));
    I const quadrant = detail::bits(t) + I(Quarter);
    // the lowest bit chooses the polynomial, the next one the sign
    auto const odd = simd::bit_cast<V>((quadrant & I(1)) + detail::bits(number<V>(1))) > number<V>(1);
    V const y = simd::select(odd, c, s);
    constexpr int to_sign = int(sizeof(simd::value_t<V>)) * 8 - 2;
    return simd::bit_cast<V>(detail::bits(y) ^ ((quadrant & I(2)) << to_sign));
}

// The same for a float beyond 8,192, without a target's soft double: x times the 96 bits of 1 / (2 pi) that matter
// gives the quarter in its two highest bits and 62 bits of what is left. Source: Payne and Hanek, "Radian reduction
// for trigonometric functions", 1983.
[[gnu::noinline, gnu::cold]] inline float large_sin_or_cos(float x, int quarter) noexcept {
    constexpr std::uint32_t part[]{0,          0x28BE60DB, 0x9391054A, 0x7F09D5F4,
                                   0x7D4D3770, 0x36D8A566, 0x4F10E410};  // of 1 / (2 pi), 32 bits each
    auto const of_x = std::bit_cast<std::uint32_t>(x);
    if (!(simd::abs(x) <= std::numeric_limits<float>::max())) return x - x;
    unsigned const exponent = (of_x >> 23 & 255u) - 126u, word = exponent / 32, shift = exponent % 32;
    std::uint32_t const mantissa = (of_x << 8) | 0x80000000u;
    auto const bits_from = [&](unsigned w) {
        return shift == 0 ? part[w] : part[w] << shift | part[w + 1] >> (32 - shift);
    };
    std::uint64_t turn = std::uint64_t(mantissa) * bits_from(word + 2) >> 32;
    turn += std::uint64_t(mantissa) * bits_from(word + 1);
    turn += std::uint64_t(mantissa * bits_from(word)) << 32;
    // To the nearest quarter.
    int n = static_cast<int>((turn + (std::uint64_t(1) << 61)) >> 62);
    auto const left = static_cast<std::int64_t>(turn << 2) >> 2;  // in 2^-62 quarters, signed
    float const high = static_cast<float>(left), low = static_cast<float>(left - static_cast<std::int64_t>(high));
    constexpr float half_pi = 1.57079637f * 0x1p-62f, rest = -4.37113883e-8f * 0x1p-62f;
    float r = high * half_pi + (high * rest + low * half_pi);
    if (x < 0) r = -r, n = -n;
    n += quarter;
    float const y = (n & 1) != 0 ? detail::sin_or_cos<float, 1>(r) : detail::sin_or_cos<float, 0>(r);
    return (n & 2) != 0 ? -y : y;
}

}  // namespace detail

// The circular functions.
struct trigonometric {
    // sin x and cos x, x in radians.
    template <class V>
    [[gnu::always_inline]] static V sin(V x) {
        return simd::select(x == detail::number<V>(0), x, detail::sin_or_cos<V, 0>(x));
    }
    template <class V>
    [[gnu::always_inline]] static V cos(V x) {
        return detail::sin_or_cos<V, 1>(x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
