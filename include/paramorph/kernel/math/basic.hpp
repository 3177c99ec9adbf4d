// What the kernels' elementary functions are made of: constants of either element type, polynomials, signs, powers of
// two, and the functions that are instructions.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/compat/simd.hpp"
#include "paramorph/core/constexpr_math.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

template <class V>
inline constexpr bool single = sizeof(simd::value_t<V>) == 4;

// Picks the constant of the element type.
template <class V>
[[gnu::always_inline]] inline V pick(float f, double d) {
    if constexpr (single<V>)
        return simd::splat<V>(f);
    else
        return simd::splat<V>(d);
}
template <class V>
[[gnu::always_inline]] inline V number(double x) {
    return simd::splat<V>(simd::value_t<V>(x));
}

// c[0] + x (c[1] + x (c[2] + ...)).
template <class V, class... C>
[[gnu::always_inline]] inline V polynomial(V x, double c, C... more) {
    if constexpr (sizeof...(C) == 0)
        return number<V>(c);
    else
        return simd::fma(detail::polynomial(x, more...), x, number<V>(c));
}

template <class V>
[[gnu::always_inline]] inline simd::integer_t<V> bits(V x) {
    return simd::bit_cast<simd::integer_t<V>>(x);
}

// The magnitude of a (which is positive, or has the sign already) with the sign of b: keeps f(-0) = -0.
template <class V>
[[gnu::always_inline]] inline V with_sign(V a, V b) {
    using I = simd::integer_t<V>;
    return simd::bit_cast<V>(detail::bits(a) | (detail::bits(b) & I(std::numeric_limits<simd::value_t<I>>::min())));
}

// Lane by lane through the scalar functions of core: arguments beyond the straight line.
template <double (*Function)(double) noexcept, class V>
[[gnu::noinline, gnu::cold]] V lane_by_lane(V x) noexcept {
    simd::value_t<V> lanes[simd::width<V>];
    simd::store(lanes, x);
    for (auto& a : lanes) a = simd::value_t<V>(Function(double(a)));
    return simd::load<V>(lanes);
}

// Adding it rounds to an integer n and leaves n, plus the exponent's bias, in the low bits: shifted into place, they
// are 2^(n + shift).
template <class V>
[[gnu::always_inline]] inline V rounder(int shift) {
    return pick<V>(float(0x1.8p23 + 127 + shift), 0x1.8p52 + 1023 + shift);
}
template <class V>
[[gnu::always_inline]] inline V power_of_two(V rounded) {
    return simd::bit_cast<V>(detail::bits(rounded) << (single<V> ? 23 : 52));
}

// Clamps to [low, high]; NaN passes.
template <class V>
[[gnu::always_inline]] inline V clamp(V x, V low, V high) {
    return simd::max(low, simd::min(high, x));
}

// hi + lo, where lo is what hi cannot hold.
template <class V>
struct pair {
    V hi, lo;
};

// a b exactly, up to what underflows: by the fused instruction, or after Dekker (the halves are cut by masks, so that
// no compiler can contract the split).
template <class V>
[[gnu::always_inline]] inline pair<V> two_product(V a, V b) {
    V const p = a * b;
    if constexpr (simd::fuses<V>) {
        return {p, simd::fma(a, b, V(-p))};
    } else {
        using I = simd::integer_t<V>;
        auto const top = [](V x) __attribute__((always_inline)) {
            constexpr auto mask = static_cast<simd::value_t<I>>(single<V> ? ~0xfffll : ~0x7ffffffll);
            return simd::bit_cast<V>(detail::bits(x) & I(mask));
        };
        V const ah = top(a), al = a - ah, bh = top(b), bl = b - bh;
        return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
    }
}
// a + b exactly, for a that is zero or has at least b's exponent.
template <class V>
[[gnu::always_inline]] inline pair<V> fast_two_sum(V a, V b) {
    V const s = a + b;
    return {s, b - (s - a)};
}

}  // namespace detail

// Functions that are one instruction or a few: the same in every grade.
struct basic {
    template <class V>
    [[gnu::always_inline]] static V abs(V x) {
        return simd::abs(x);
    }
    template <class V>
    [[gnu::always_inline]] static V sqrt(V x) {
        return simd::sqrt(x);
    }
    template <class V>
    [[gnu::always_inline]] static V min(V a, V b) {
        return simd::min(a, b);
    }
    template <class V>
    [[gnu::always_inline]] static V max(V a, V b) {
        return simd::max(a, b);
    }
    template <class V>
    [[gnu::always_inline]] static V fma(V a, V b, V c) {
        return simd::fma(a, b, c);
    }
    template <class V>
    [[gnu::always_inline]] static V where(simd::mask_t<V> condition, V a, V b) {
        return simd::select<V>(condition, a, b);
    }
    template <class V>
    [[gnu::always_inline]] static V where_or_zero(simd::mask_t<V> condition, V x) {
        return simd::where_or_zero<V>(condition, x);
    }

    // 1 / sqrt(x), two roundings; infinite at 0, with its sign.
    template <class V>
    [[gnu::always_inline]] static V rsqrt(V x) {
        return detail::number<V>(1) / simd::sqrt(x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
