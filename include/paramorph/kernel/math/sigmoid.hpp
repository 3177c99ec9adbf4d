// The activations made of one exponential, accurate grade: sigmoid, tanh, softplus, silu.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/exponential.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// tanh x for |x| <= 10 in float and 20 in double. With 2 x = n ln 2 + 2 r and u = 2^-n, e^2x - 1 is e^2r - 1 - (u - 1)
// over u, which does not cancel and is -0 at -0; e^2x + 1 is 2 more. A fused multiply-add takes ln 2 in one piece:
// where n is large, tanh does not feel what it lacks.
template <class V>
[[gnu::always_inline]] inline V tanh_within(V x) {
    V const t = simd::fma(x, number<V>(-2 * 1.4426950408889634), rounder<V>(0));
    V const n = rounder<V>(0) - t, u = detail::power_of_two(t);
    V r;
    if constexpr (simd::fuses<V>)
        r = simd::fnma(n, number<V>(0.34657359027997264), x);
    else
        r = simd::fnma(n, pick<V>(3.19461849e-05f / 2, 7.3710025651677989e-13 / 2),
                       simd::fnma(n, pick<V>(0.693115234f / 2, 0.69314718055920821 / 2), x));
    V const slope = simd::fma(detail::expm1_polynomial<V, 2>(r), r, number<V>(2));
    V const e = simd::fms(slope, r, V(u - number<V>(1)));
    return e / simd::fma(u, number<V>(2), e);
}

}  // namespace detail

// The functions that saturate.
struct sigmoids {
    // 1 / (1 + e^-x), with one division. Both terms of the denominator carry a factor that keeps e^-x in the normal
    // numbers over the whole domain; a subnormal result comes out of the division, rounded once.
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x) {
        return of_height(x, 1);
    }

    // height sigmoid(factor x) for numbers, |height| from 2^-64 to 2^7. Where there is a table neither costs anything.
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x, double factor, double height) {
        using namespace detail;
        if constexpr (!simd::has_lookup<V>)
            return of_height(V(x * number<V>(factor)), height);
        else {
            constexpr double one = 0x1p-32;
            double const a = -109 / factor, b = 60 / factor;
            V const y = detail::clamp(x, number<V>(a < b ? a : b), number<V>(a < b ? b : a));
            auto const [mantissa, scale] = detail::exp_parts<-1>(y, -32, factor);
            return number<V>(height * one) / simd::fma(mantissa, scale, number<V>(one));
        }
    }

    // x / (1 + e^-x), with one division; -0 at -infinity. Where x is so small that its scaled value would not be
    // normal, it is x / 2.
    template <class V>
    [[gnu::always_inline]] static V silu(V x) {
        using namespace detail;
        constexpr int shift = single<V> ? -32 : -64;
        V const one = pick<V>(0x1p-32f, 0x1p-64), y = detail::clamp(x, pick<V>(-109.0f, -752.0), pick<V>(60.0f, 600.0));
        auto const [mantissa, scale] = detail::exp_parts<-1>(y, shift);
        V const v = simd::max(pick<V>(-109.0f, -752.0), x);
        V const quotient = v * one / simd::fma(mantissa, scale, one);
        return simd::select(simd::abs(x) < pick<V>(0x1p-40f, 0x1p-70), x * number<V>(0.5), quotient);
    }

    // tanh x = (e^2x - 1) / (e^2x + 1). 13 operations and a division.
    template <class V>
    [[gnu::always_inline]] static V tanh(V x) {
        using namespace detail;
        return detail::tanh_within(detail::clamp(x, pick<V>(-10.0f, -20.0), pick<V>(10.0f, 20.0)));
    }

    // log(1 + e^x) = max(x, 0) + log1p(e^-|x|), the latter as 2 atanh(e / (2 + e)). Polynomial: 2^-27 and 2^-64.
    template <class V>
    [[gnu::always_inline]] static V softplus(V x) {
        using namespace detail;
        V const e = detail::exp_scaled(simd::max(pick<V>(-110.0f, -760.0), V(-simd::abs(x))), single<V> ? 64 : 512);
        V const back = pick<V>(0x1p-64f, 0x1p-512), s = e / simd::fma(e, back, number<V>(2)) * back, z = s * s;
        V p;
        if constexpr (single<V>)
            p = detail::polynomial(z, 0.666664124, 0.400217265, 0.279988021, 0.280257493);
        else
            p = detail::polynomial(z, 0.66666666666666674, 0.39999999999993968, 0.28571428572511137,
                                   0.22222222125418004, 0.18181823204172867, 0.15384451919721737, 0.13336805750906933,
                                   0.11715953851534897, 0.10972531854722155, 0.069944229048137824, 0.16467286317855129);
        return simd::max(number<V>(0), x) + simd::fma(s * z, p, s + s);
    }

  private:
    template <class V>
    [[gnu::always_inline]] static V of_height(V x, double height) {
        using namespace detail;
        constexpr double one = single<V> ? 0x1p-32 : 0x1p-64;
        V const y = detail::clamp(x, pick<V>(-109.0f, -750.0), pick<V>(60.0f, 600.0));
        auto const [mantissa, scale] = detail::exp_parts<-1>(y, single<V> ? -32 : -64);
        return number<V>(height * one) / simd::fma(mantissa, scale, number<V>(one));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
