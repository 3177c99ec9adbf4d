// pow of the accurate grade: x^y = e^(y log x), with the logarithm and its product with y in two parts each.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include "paramorph/kernel/math/exponential.hpp"
#include "paramorph/kernel/math/logarithm.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// log x in two parts, for positive normal x, to about 2^-36 of itself in float and 2^-63 in double: with
// s = f / (2 + f) and z = s^2, log(1 + f) = 2 s + s z (2/3 + z q(z)); everything down to z q in two parts.
template <class V>
[[gnu::always_inline]] inline pair<V> log_pair(V x) {
    auto const [n, f] = detail::reduce_logarithm(x);
    V const one = number<V>(1), two_thirds = number<V>(2.0 / 3),
            rest = pick<V>(-1.98682149e-08f, 3.7007434154171886e-17);
    auto const [dh, dl] = detail::fast_two_sum(one, V(one + f));
    V const s = f / dh;
    auto const p = detail::two_product(s, dh);
    V const sl = (((f - p.hi) - p.lo) - s * dl) / dh;  // s + sl = f / (2 + f)
    auto const z = detail::two_product(s, s);
    V const zl = z.lo + number<V>(2) * s * sl;
    V q;
    if constexpr (single<V>)
        q = detail::polynomial(z.hi, 0.4, 0.285714286, 0.222222222, 0.181818182, 0.153846154);
    else
        q = detail::polynomial(z.hi, 0.40000000000006297, 0.28571428569072144, 0.22222222648632753, 0.18181775530948488,
                               0.15387096259541971, 0.1325000044550636, 0.13252354819622547);
    auto const c = detail::two_product(z.hi, two_thirds);
    auto const i = detail::fast_two_sum(c.hi, V(z.hi * z.hi * q));
    V const il = i.lo + c.lo + zl * (two_thirds + number<V>(2) * z.hi * q) + z.hi * rest;
    auto const t = detail::two_product(s, i.hi);
    auto const a = detail::fast_two_sum(V(s + s), t.hi);
    auto const b = detail::fast_two_sum(V(n * pick<V>(0.693359375f, 0.693147180369123816490)), a.hi);
    V const tail =
        t.lo + s * il + sl * (number<V>(2) + i.hi) + n * pick<V>(-2.12194440e-4f, 1.90821492927058770002e-10);
    return detail::fast_two_sum(b.hi, V(b.lo + (a.lo + tail)));
}

// Is x an integer?
constexpr bool whole(double x) {
    return !(x > -0x1p52 && x < 0x1p52) || double(std::int64_t(x)) == x;
}

template <class V>
[[gnu::noinline, gnu::cold]] V pow_by_lanes(V x, double y) noexcept {
    simd::value_t<V> lanes[simd::width<V>];
    simd::store(lanes, x);
    for (auto& a : lanes) a = simd::value_t<V>(math::pow(double(a), y));
    return simd::load<V>(lanes);
}

}  // namespace detail

// The general power.
struct powers {
    // x^exponent with the special cases of C, for a finite number, which is not rounded to the element type. Lanes with
    // a subnormal, infinite or missing x are done one by one.
    template <class V>
    [[gnu::always_inline]] static V pow(V x, double exponent) {
        using namespace detail;
        using limits = std::numeric_limits<simd::value_t<V>>;
        V const zero = number<V>(0), a = simd::abs(x), u = simd::select(a == zero, number<V>(1), a);
        if (simd::any(!((u >= simd::splat<V>(limits::min())) && (u <= simd::splat<V>(limits::max()))))) [[unlikely]]
            return detail::pow_by_lanes(x, exponent);
        // Beyond these bounds every logarithm but that of 1 leads to 0 or infinity.
        constexpr double bound = single<V> ? 0x1p40 : 0x1p70;
        double const y = exponent < -bound  ? -bound
                         : exponent > bound ? bound
                                            : exponent,
                     rest = y - double(simd::value_t<V>(y));
        V const within = number<V>(y);
        auto const l = detail::log_pair(u);
        auto const p = detail::two_product(within, l.hi);
        V const limit = pick<V>(150.0f, 1400.0);
        V tail = simd::fma(within, l.lo, p.lo);
        if (rest != 0) tail = simd::fma(number<V>(rest), l.hi, tail);
        V const low = simd::select(simd::abs(p.hi) < limit, tail, zero);
        V const h = detail::exp_half(detail::clamp(p.hi, V(-limit), limit), low);
        double const at_zero = exponent > 0 ? 0 : exponent < 0 ? limits::infinity() : 1;
        V const magnitude = simd::select(a == zero, number<V>(at_zero), h * h);
        bool const even = whole(exponent * 0.5);
        if (even || whole(exponent)) return even ? magnitude : detail::with_sign(magnitude, x);
        return simd::select(x < zero, simd::splat<V>(limits::quiet_NaN()), magnitude);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
