// sin and cos of the accurate grade. Arguments beyond 8,192 in float and 2^20 in double go lane by lane through the
// interpreter's functions, whose reduction is right everywhere (Payne and Hanek).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/basic.hpp"

namespace paramorph::kernel {

namespace detail {

/// sin x for quarter = 0, cos x for quarter = 1. pi / 2 comes in parts whose multiples are exact.
template <class V, int Quarter>
[[gnu::always_inline]] inline V wave(V x) {
    using I = simd::integer_t<V>;
    if (simd::any(!(simd::abs(x) < pick<V>(8192.0f, 0x1p20))))
        return lane_by_lane<(Quarter == 1 ? math::cos : math::sin)>(x);
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
        s = polynomial(z, -0.166666672, 0.00833332911, -0.000198393274, 2.71825115e-06);
        c = polynomial(z, 0.0416666679, -0.00138888834, 2.4799514e-05, -2.72097992e-07);
    } else {
        s = polynomial(z, -0.16666666666666666, 0.0083333333333333228, -0.00019841269841255053, 2.7557319214183066e-06,
                       -2.5052104909822912e-08, 1.6058366416726626e-10, -7.578687943216865e-13);
        c = polynomial(z, 0.041666666666666664, -0.0013888888888888874, 2.4801587301571384e-05, -2.7557319215331006e-07,
                       2.0876754356643166e-09, -1.1470292237002171e-11, 4.7380644018388468e-14);
    }
    s = simd::fma(z * r, s, r);
    c = simd::fma(z * z, c, simd::fnma(number<V>(0.5), z, number<V>(1)));
    I const quadrant = bits(t) + I(Quarter);
    // the lowest bit chooses the polynomial, the next one the sign
    auto const odd = simd::bit_cast<V>((quadrant & I(1)) + bits(number<V>(1))) > number<V>(1);
    V const y = simd::select(odd, c, s);
    constexpr int to_sign = int(sizeof(simd::value_t<V>)) * 8 - 2;
    return simd::bit_cast<V>(bits(y) ^ ((quadrant & I(2)) << to_sign));
}

}  // namespace detail

/// The circular functions.
struct circular {
    /// sin x and cos x, x in radians.
    template <class V>
    [[gnu::always_inline]] static V sin(V x) {
        return simd::select(x == detail::number<V>(0), x, detail::wave<V, 0>(x));
    }
    template <class V>
    [[gnu::always_inline]] static V cos(V x) {
        return detail::wave<V, 1>(x);
    }
};

}  // namespace paramorph::kernel
