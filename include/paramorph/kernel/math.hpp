// Elementary functions for kernels: `kernel::accurate`, on every vector type of compat/simd.hpp and on plain scalars by
// the same algorithms, so that the remainder of a loop and a target without a vector unit get the same results.
//
// Accuracy: at most 4 ulp over the whole domain in float and double, with and without fused multiply-add: tails,
// subnormal arguments and results, infinities and NaN included; nothing is flushed to zero. tests/unit/vector_math.cpp
// measures it. The functions are straight-line code with at most one division (double log1p: two). Three leave the line
// and go lane by lane for rare arguments: sin and cos beyond 8,192 in float and 2^20 in double; log and log1p where the
// logarithm's argument is subnormal, not positive or not finite.
// Not for -ffast-math: rounding to an integer by adding 1.5 * 2^23 and the tests for NaN need IEEE arithmetic.
//
// Source: reductions after Cody and Waite (1980). e^x is computed as (e^(x/2))^2: the scale 2^n of e^(x/2) is always a
// normal number, so one shift makes it, and the square reaches infinity and the subnormals with a single rounding. The
// polynomials are this library's own minimax fits; the relative error of each stands beside it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/compat/simd.hpp>
#include <paramorph/core/constexpr_math.hpp>

#include <limits>

namespace paramorph::kernel {

namespace detail {

template <class V>
inline constexpr bool single = sizeof(simd::value_t<V>) == 4;

/// Picks the constant of the element type.
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

/// c[0] + x (c[1] + x (c[2] + ...)).
template <class V, class... C>
[[gnu::always_inline]] inline V polynomial(V x, double c, C... more) {
    if constexpr (sizeof...(C) == 0)
        return number<V>(c);
    else
        return simd::fma(polynomial(x, more...), x, number<V>(c));
}

template <class V>
[[gnu::always_inline]] inline simd::integer_t<V> bits(V x) {
    return simd::bit_cast<simd::integer_t<V>>(x);
}

/// The magnitude of a (which is positive, or has the sign already) with the sign of b: keeps f(-0) = -0.
template <class V>
[[gnu::always_inline]] inline V with_sign(V a, V b) {
    using I = simd::integer_t<V>;
    return simd::bit_cast<V>(bits(a) | (bits(b) & I(std::numeric_limits<simd::value_t<I>>::min())));
}

/// Lane by lane through the scalar functions of core: arguments beyond the straight line.
template <double (*Function)(double) noexcept, class V>
[[gnu::noinline, gnu::cold]] V lane_by_lane(V x) noexcept {
    simd::value_t<V> lanes[simd::width<V>];
    simd::store(lanes, x);
    for (auto& a : lanes) a = simd::value_t<V>(Function(double(a)));
    return simd::load<V>(lanes);
}

/// Adding it rounds to an integer n and leaves n, plus the exponent's bias, in the low bits: shifted into place, they
/// are 2^(n + shift).
template <class V>
[[gnu::always_inline]] inline V rounder(int shift) {
    return pick<V>(float(0x1.8p23 + 127 + shift), 0x1.8p52 + 1023 + shift);
}
template <class V>
[[gnu::always_inline]] inline V power_of_two(V rounded) {
    return simd::bit_cast<V>(bits(rounded) << (single<V> ? 23 : 52));
}

/// e^(r Factor / 2) for |r Factor / 2| <= ln 2 / 2. Relative error 2^-29 and 2^-58.
template <class V, int Factor>
[[gnu::always_inline]] inline V exp_polynomial(V r) {
    constexpr double f = Factor, f2 = f * f, f4 = f2 * f2, f8 = f4 * f4;
    if constexpr (single<V>)
        return polynomial(r, 1.0, f * 0.5, f2 * 0.124999985, f2 * f * 0.0208330378, f4 * 0.00260424614,
                          f4 * f * 0.000261695706, f4 * f2 * 2.16363569e-05);
    else
        return polynomial(r, 1.0, f * 0.5, f2 * 0.12500000000000031, f2 * f * 0.02083333333333277,
                          f4 * 0.0026041666666573489, f4 * f * 0.00026041666667344119, f4 * f2 * 2.1701388978771825e-05,
                          f4 * f2 * f * 1.5500991746981302e-06, f8 * 9.688082255911976e-08,
                          f8 * f * 5.3823490549495455e-09, f8 * f2 * 2.6983452716297068e-10,
                          f8 * f2 * f * 1.2202789574682037e-11);
}

/// e^(x/2), for |x| <= 150 in float and 1400 in double. Polynomial: 2^-29 and 2^-58.
template <class V>
[[gnu::always_inline]] inline V exp_half(V x) {
    V const t = simd::fma(x, number<V>(0.72134752044448170), rounder<V>(0));
    V const n = t - rounder<V>(0);
    V r = simd::fnma(n, pick<V>(1.38629150390625f, 1.3862943611165974), x);
    r = simd::fnma(n, pick<V>(2.8572136406188345e-06f, 3.2931899165794165e-12), r);
    return exp_polynomial<V, 1>(r) * power_of_two(t);
}

/// A product, so that a caller can fuse it.
template <class V>
struct factors {
    V mantissa, scale;
};

/// e^(Sign x) 2^shift, Sign 1 or -1, where Sign x / ln 2 + shift stays within the exponents of normal numbers. With a
/// table in one register: 2^(j/8) times a cubic (Tang, "Table-driven implementation of the exponential function in IEEE
/// floating-point arithmetic", ACM TOMS 15, 1989), relative error 2^-25; else a polynomial of degree 6. With the table,
/// log2 e and what it lacks may be scaled: the exponential of a multiple of x.
template <int Sign, class V>
[[gnu::always_inline]] inline factors<V> exp_parts(V x, int shift, V log2_e = number<V>(1.4426950408889634),
                                                   V low = number<V>(1.4426950408889634 -
                                                                     double(1.4426950408889634f))) {
    auto const times = [](V a, V b, V c) __attribute__((always_inline)) {
        return Sign > 0 ? simd::fma(a, b, c) : simd::fnma(a, b, c);
    };
    if constexpr (simd::has_lookup<V>) {
        // Adding 1.5 * 2^20 rounds to eighths and leaves their count in the low bits. What is left over enters with its
        // sign changed.
        V const magic = number<V>(0x1.8p20);
        V const t = times(x, log2_e, magic), n = t - magic;
        auto const back = [](V a, V b, V c) __attribute__((always_inline)) {
            return Sign > 0 ? simd::fnma(a, b, c) : simd::fma(a, b, c);
        };
        V const f = back(x, low, back(x, log2_e, n));
        // 2^(j/8) without the j that the shifted count carries into the mantissa's top bits.
        auto const entry = [&](float root, std::int32_t j) {
            return std::bit_cast<std::int32_t>(root) + shift * (1 << 23) - (j << 20);
        };
        simd::integer_t<V> const roots{entry(1.0f, 0),           entry(0x1.172b84p+0f, 1), entry(0x1.306fe0p+0f, 2),
                                       entry(0x1.4bfdaep+0f, 3), entry(0x1.6a09e6p+0f, 4), entry(0x1.8ace54p+0f, 5),
                                       entry(0x1.ae89fap+0f, 6), entry(0x1.d5818ep+0f, 7)};
        V const scale = simd::bit_cast<V>((bits(t) << 20) + simd::lookup<V>(roots, bits(t)));
        return {polynomial(f, 1.0, -0.6931472085, 0.2402640729, -0.05549890046), scale};
    } else {
        V const t = times(x, log2_e, rounder<V>(shift));
        V const n = t - rounder<V>(shift);
        V r = simd::fnma(n, pick<V>(0.693145751953125f, 0.69314718055829870), Sign > 0 ? x : V(-x));
        r = simd::fnma(n, pick<V>(1.4286068203094172e-06f, 1.6465949582897083e-12), r);
        return {exp_polynomial<V, 2>(r), power_of_two(t)};
    }
}

template <class V>
[[gnu::always_inline]] inline V exp_scaled(V x, int shift) {
    auto const [mantissa, scale] = exp_parts<1>(x, shift);
    return mantissa * scale;
}

/// x = n ln 2 + r: scale = 2^(n + shift) and rest = e^r - 1. Polynomial: 2^-26 and 2^-61.
template <class V>
struct scale_and_rest {
    V scale, rest;
};
template <class V>
[[gnu::always_inline]] inline scale_and_rest<V> reduce_expm1(V x, int shift) {
    V const t = simd::fma(x, number<V>(1.4426950408889634), rounder<V>(shift));
    V const n = t - rounder<V>(shift);
    V r = simd::fnma(n, pick<V>(0.693115234f, 0.69314718055920821), x);
    r = simd::fnma(n, pick<V>(3.19461849e-05f, 7.3710025651677989e-13), r);
    V q;
    if constexpr (single<V>)
        q = polynomial(r, 0.49999997, 0.166665435, 0.0416672006, 0.00836652983, 0.00138823548);
    else
        q = polynomial(r, 0.5, 0.16666666666666677, 0.041666666666666505, 0.0083333333333216637, 0.0013888888888962734,
                       0.00019841269886027149, 2.4801587171921313e-05, 2.7557244318270552e-06, 2.7557403135123951e-07,
                       2.5108996766041025e-08, 2.0875181546220173e-09);
    return {power_of_two(t), simd::fma(r * r, q, r)};
}

/// Clamps to [low, high]; NaN passes.
template <class V>
[[gnu::always_inline]] inline V clamp(V x, V low, V high) {
    return simd::max(low, simd::min(high, x));
}

/// log(u) + low for positive normal u. Polynomial: 2^-27 and 2^-65.
template <class V>
[[gnu::always_inline]] inline V log_kernel(V u, V low) {
    using I = simd::integer_t<V>;
    using Integer = simd::value_t<I>;
    constexpr int fraction = single<V> ? 23 : 52;
    constexpr Integer one = Integer(single<V> ? 127 : 1023) << fraction;
    constexpr Integer root = single<V> ? Integer(0x3f3504f3) : Integer(0x3fe6a09e667f3bcd);  // sqrt(1/2)
    I const i = bits(u), above = i - I(root);                      // the exponent field of `above` is n
    I const biased = simd::shift_right<fraction>(above + I(one));  // n + bias, never negative
    V const magic = pick<V>(0x1.8p23f, 0x1.8p52);
    V const n = simd::bit_cast<V>(biased | bits(magic)) - rounder<V>(0);
    V const f = simd::bit_cast<V>(i - (above & I(Integer(-1) << fraction))) - number<V>(1);
    if constexpr (single<V>) {
        V const z = f * f;
        V y = polynomial(f, 0.333333313, -0.250008225, 0.200012058, -0.166232914, 0.142022103, -0.131612435,
                         0.127589002, -0.0762844235);
        y = simd::fma(z * f, y, simd::fma(n, number<V>(-2.12194440e-4), low));
        y = simd::fnma(number<V>(0.5), z, y);
        return simd::fma(n, number<V>(0.693359375), f + y);
    } else {
        V const s = f / (number<V>(2) + f), z = s * s, half = number<V>(0.5) * f * f;
        V const r =
            z * polynomial(z, 0.66666666666666663, 0.40000000000006297, 0.28571428569072144, 0.22222222648632753,
                           0.18181775530948488, 0.15387096259541971, 0.1325000044550636, 0.13252354819622547);
        V const tail = simd::fma(s, half + r, simd::fma(n, number<V>(1.90821492927058770002e-10), low)) - half;
        return simd::fma(n, number<V>(0.693147180369123816490), f + tail);
    }
}

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

/// The accurate policy: an operation written once as `value<M>(x)` calls `M::exp(x)`. At most 4 ulp everywhere.
struct accurate {
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
    [[gnu::always_inline]] static V select(simd::mask_t<V> condition, V a, V b) {
        return simd::select<V>(condition, a, b);
    }

    /// e^x. 16 operations.
    template <class V>
    [[gnu::always_inline]] static V exp(V x) {
        using namespace detail;
        V const h = exp_half(clamp(x, pick<V>(-150.0f, -1400.0), pick<V>(150.0f, 1400.0)));
        return h * h;
    }

    /// 1 / (1 + e^-x), with one division. Both terms of the denominator carry a factor that keeps e^-x in the normal
    /// numbers over the whole domain; a subnormal result comes out of the division, rounded once.
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x) {
        using namespace detail;
        constexpr int shift = single<V> ? -32 : -64;
        V const one = pick<V>(0x1p-32f, 0x1p-64);
        auto const [mantissa, scale] = exp_parts<-1>(clamp(x, pick<V>(-109.0f, -750.0), pick<V>(60.0f, 600.0)), shift);
        return one / simd::fma(mantissa, scale, one);
    }

    /// sigmoid(factor x) for a number `factor`, which costs no product of its own where there is a table.
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x, V factor) {
        using namespace detail;
        if constexpr (!simd::has_lookup<V>)
            return sigmoid(V(x * factor));
        else {
            V const one = pick<V>(0x1p-32f, 0x1p-64), a = number<V>(-109) / factor, b = number<V>(60) / factor;
            V const log2_e = factor * number<V>(1.4426950408889634);
            V const low = simd::fma(factor, number<V>(1.4426950408889634), -log2_e) +
                          factor * number<V>(1.4426950408889634 - double(1.4426950408889634f));
            auto const [mantissa, scale] = exp_parts<-1>(clamp(x, simd::min(a, b), simd::max(a, b)), -32, log2_e, low);
            return one / simd::fma(mantissa, scale, one);
        }
    }

    /// tanh x = (e^2x - 1) / (e^2x + 1), where e^2x - 1 = 2^n (e^r - 1) + (2^n - 1) does not cancel.
    template <class V>
    [[gnu::always_inline]] static V tanh(V x) {
        using namespace detail;
        V const y = clamp(x, pick<V>(-10.0f, -20.0), pick<V>(10.0f, 20.0));
        auto const [scale, rest] = reduce_expm1(V(y + y), 0);
        V const e = simd::fma(scale, rest, scale - number<V>(1));
        return with_sign(e / (e + number<V>(2)), x);
    }

    /// e^x - 1, accurate near zero.
    template <class V>
    [[gnu::always_inline]] static V expm1(V x) {
        using namespace detail;
        auto const [scale, rest] = reduce_expm1(clamp(x, pick<V>(-30.0f, -50.0), pick<V>(89.0f, 710.0)), -1);
        V const half = simd::fma(scale, rest, scale - number<V>(0.5));
        return with_sign(half + half, x);
    }

    /// The natural logarithm. Lanes that are subnormal, not positive or not finite are done one by one.
    template <class V>
    [[gnu::always_inline]] static V log(V x) {
        using namespace detail;
        using limits = std::numeric_limits<simd::value_t<V>>;
        if (simd::any(!((x >= simd::splat<V>(limits::min())) && (x <= simd::splat<V>(limits::max()))))) [[unlikely]]
            return lane_by_lane<math::log>(x);
        return log_kernel(x, number<V>(0));
    }

    /// log(1 + x), accurate near zero: what 1 + x loses is added to first order. Specials as for log.
    template <class V>
    [[gnu::always_inline]] static V log1p(V x) {
        using namespace detail;
        V const one = number<V>(1), u = x + one;
        if (simd::any(!((u > number<V>(0)) && (u <= simd::splat<V>(std::numeric_limits<simd::value_t<V>>::max())))))
            [[unlikely]]
            return lane_by_lane<math::log1p>(x);
        V const lost = simd::select(x > one, one - (u - x), x - (u - one));
        return with_sign(log_kernel(u, V(lost / u)), x);
    }

    /// log(1 + e^x) = max(x, 0) + log1p(e^-|x|), the latter as 2 atanh(e / (2 + e)). Polynomial: 2^-27 and 2^-64.
    template <class V>
    [[gnu::always_inline]] static V softplus(V x) {
        using namespace detail;
        V const e = exp_scaled(simd::max(pick<V>(-110.0f, -760.0), V(-simd::abs(x))), single<V> ? 64 : 512);
        V const back = pick<V>(0x1p-64f, 0x1p-512), s = e / simd::fma(e, back, number<V>(2)) * back, z = s * s;
        V p;
        if constexpr (single<V>)
            p = polynomial(z, 0.666664124, 0.400217265, 0.279988021, 0.280257493);
        else
            p = polynomial(z, 0.66666666666666674, 0.39999999999993968, 0.28571428572511137, 0.22222222125418004,
                           0.18181823204172867, 0.15384451919721737, 0.13336805750906933, 0.11715953851534897,
                           0.10972531854722155, 0.069944229048137824, 0.16467286317855129);
        return simd::max(number<V>(0), x) + simd::fma(s * z, p, s + s);
    }

    /// sin x and cos x, x in radians.
    template <class V>
    [[gnu::always_inline]] static V sin(V x) {
        return simd::select(x == detail::number<V>(0), x, detail::wave<V, 0>(x));
    }
    template <class V>
    [[gnu::always_inline]] static V cos(V x) {
        return detail::wave<V, 1>(x);
    }

    /// The error function: an odd polynomial below 1 (2^-34, 2^-62), 1 - e^(-x^2) G((x - k) / (x + k)) above.
    template <class V>
    [[gnu::always_inline]] static V erf(V x) {
        using namespace detail;
        V const a = simd::min(pick<V>(4.0f, 6.0), simd::abs(x)), z = a * a;
        V const k = pick<V>(2.0f, 3.0), t = (a - k) / (a + k);
        V near, far;
        if constexpr (single<V>) {
            near = polynomial(z, 0.128379166, -0.376126379, 0.112837821, -0.0268653966, 0.00522093475, -0.000848266296,
                              0.000112556496, -9.63755156e-06);
            far = polynomial(t, 0.255395681, -0.427185863, 0.241657272, -0.0789868161, 0.00373008358, 0.00721297786);
        } else {
            near = polynomial(z, 0.12837916709551259, -0.37612638903183748, 0.11283791670954853, -0.026866170645072122,
                              0.0052239776247733028, -0.00085483269783033478, 0.00012055331020705089,
                              -1.4925593112717706e-05, 1.6460966409410135e-06, -1.6349956380190658e-07,
                              1.4657410664102e-08, -1.1363829018638026e-09, 5.9421156051294512e-11);
            far = polynomial(t, 0.1790011511813899, -0.32623356004316589, 0.24560380170778487, -0.15011593654534608,
                             0.071665837449327238, -0.024392489874912486, 0.00426923332352262, 0.00070830803082042883,
                             -0.00059499312780496891, 5.0231550791512741e-05, 7.1639569876012736e-05,
                             -6.4301839442325445e-06, -6.5761121276648896e-06);
        }
        V const h = exp_half(V(-z));
        V const y = simd::select(a < number<V>(1), simd::fma(a, near, a), simd::fnma(h * h, far, number<V>(1)));
        return with_sign(y, x);
    }
};

/// The same functions, called instead of inlined: for loops so long that compiling them inlined would cost seconds.
struct called : accurate {
    template <class V>
    [[gnu::noinline]] static V exp(V x) noexcept {
        return accurate::exp(x);
    }
    template <class V>
    [[gnu::noinline]] static V expm1(V x) noexcept {
        return accurate::expm1(x);
    }
    template <class V>
    [[gnu::noinline]] static V log(V x) noexcept {
        return accurate::log(x);
    }
    template <class V>
    [[gnu::noinline]] static V log1p(V x) noexcept {
        return accurate::log1p(x);
    }
    template <class V>
    [[gnu::noinline]] static V tanh(V x) noexcept {
        return accurate::tanh(x);
    }
    template <class V>
    [[gnu::noinline]] static V sigmoid(V x) noexcept {
        return accurate::sigmoid(x);
    }
    template <class V>
    [[gnu::noinline]] static V softplus(V x) noexcept {
        return accurate::softplus(x);
    }
    template <class V>
    [[gnu::noinline]] static V sin(V x) noexcept {
        return accurate::sin(x);
    }
    template <class V>
    [[gnu::noinline]] static V cos(V x) noexcept {
        return accurate::cos(x);
    }
    template <class V>
    [[gnu::noinline]] static V erf(V x) noexcept {
        return accurate::erf(x);
    }
    template <class V>
    [[gnu::noinline]] static V sigmoid(V x, V factor) noexcept {
        return accurate::sigmoid(x, factor);
    }
};

}  // namespace paramorph::kernel
