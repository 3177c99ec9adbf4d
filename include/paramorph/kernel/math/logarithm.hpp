// The logarithms of the accurate grade: log, log1p.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/basic.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// x = 2^n (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for positive normal x.
template <class V>
struct reduced_logarithm {
    V n, f;
};
template <class V>
[[gnu::always_inline]] inline reduced_logarithm<V> reduce_logarithm(V x) {
    using I = simd::integer_t<V>;
    using Integer = simd::value_t<I>;
    constexpr int fraction = single<V> ? 23 : 52;
    constexpr Integer one = Integer(single<V> ? 127 : 1023) << fraction;
    constexpr Integer root = single<V> ? Integer(0x3f3504f3) : Integer(0x3fe6a09e667f3bcd);  // sqrt(1/2)
    I const i = detail::bits(x), above = i - I(root);              // the exponent field of `above` is n
    I const biased = simd::shift_right<fraction>(above + I(one));  // n + bias, never negative
    V const magic = pick<V>(0x1.8p23f, 0x1.8p52);
    return {simd::bit_cast<V>(biased | detail::bits(magic)) - rounder<V>(0),
            simd::bit_cast<V>(i - (above & I(Integer(-1) << fraction))) - number<V>(1)};
}

// log(u) + low for positive normal u. Polynomial: 2^-27 and 2^-65.
template <class V>
[[gnu::always_inline]] inline V log_kernel(V u, V low) {
    auto const [n, f] = detail::reduce_logarithm(u);
    if constexpr (single<V>) {
        V const z = f * f;
        V y = detail::polynomial(f, 0.333333313, -0.250008225, 0.200012058, -0.166232914, 0.142022103, -0.131612435,
                                 0.127589002, -0.0762844235);
        y = simd::fma(z * f, y, simd::fma(n, number<V>(-2.12194440e-4), low));
        y = simd::fnma(number<V>(0.5), z, y);
        return simd::fma(n, number<V>(0.693359375), f + y);
    } else {
        V const s = f / (number<V>(2) + f), z = s * s, half = number<V>(0.5) * f * f;
        V const r = z * detail::polynomial(z, 0.66666666666666663, 0.40000000000006297, 0.28571428569072144,
                                           0.22222222648632753, 0.18181775530948488, 0.15387096259541971,
                                           0.1325000044550636, 0.13252354819622547);
        V const tail = simd::fma(s, half + r, simd::fma(n, number<V>(1.90821492927058770002e-10), low)) - half;
        return simd::fma(n, number<V>(0.693147180369123816490), f + tail);
    }
}

// The logarithm of a float that is subnormal, not positive or not finite, without a target's soft double.
inline float log_of_special(float x) noexcept {
    using limits = std::numeric_limits<float>;
    if (x != x || x > limits::max()) return x;
    if (!(x > 0)) return x < 0 ? limits::quiet_NaN() : -limits::infinity();
    return detail::log_kernel(x * 0x1p23f, 0.0f) - 15.9423851f;  // 23 log 2
}
// log(1 + x) where 1 + x is not positive or not finite.
inline float log1p_of_special(float x) noexcept {
    using limits = std::numeric_limits<float>;
    return x != x || x > 0 ? x : x < -1 ? limits::quiet_NaN() : -limits::infinity();
}

}  // namespace detail

// The logarithms.
struct logarithms {
    // The natural logarithm. Lanes that are subnormal, not positive or not finite are done one by one.
    template <class V>
    [[gnu::always_inline]] static V log(V x) {
        using namespace detail;
        using limits = std::numeric_limits<simd::value_t<V>>;
        if (simd::any(!((x >= simd::splat<V>(limits::min())) && (x <= simd::splat<V>(limits::max()))))) [[unlikely]] {
            if constexpr (std::is_same_v<V, float>)
                return detail::log_of_special(x);
            else
                return detail::lane_by_lane<math::log>(x);
        }
        return detail::log_kernel(x, number<V>(0));
    }

    // log(1 + x), accurate near zero: what 1 + x loses is added to first order. Specials as for log.
    template <class V>
    [[gnu::always_inline]] static V log1p(V x) {
        using namespace detail;
        V const one = number<V>(1), u = x + one;
        if (simd::any(!((u > number<V>(0)) && (u <= simd::splat<V>(std::numeric_limits<simd::value_t<V>>::max())))))
            [[unlikely]] {
            if constexpr (std::is_same_v<V, float>)
                return detail::log1p_of_special(x);
            else
                return detail::lane_by_lane<math::log1p>(x);
        }
        V const lost = simd::select(x > one, one - (u - x), x - (u - one));
        return detail::with_sign(detail::log_kernel(u, V(lost / u)), x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
