// pm::bfloat16 and pm::float16: what numbers are stored in, in 16 bits; arithmetic is in float or double, to which each
// of them converts exactly. bfloat16 is the upper half of a float: 8 significant bits, the range of float. float16 is
// IEEE binary16: 11 significant bits, up to 65504, subnormal below 2^-14.
//
// Rounding: from float and from double, once, to the nearest, ties to even; subnormal numbers too; what is beyond the
// largest becomes an infinity; NaN stays one. Cost: a bfloat16 is a shift; a float16 is one instruction where the
// target has it (F16C, AArch64, a Cortex-M4 with its floating-point unit), elsewhere integer arithmetic. Neither way
// depends on whether the processor takes subnormal numbers for zero. Source: IEEE 754-2008, section 3.6; Intel,
// "BFLOAT16 hardware numerics definition", 2018.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "paramorph/compat/simd/intrinsics.hpp"

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class T>
concept real = std::same_as<T, float> || std::same_as<T, double>;

namespace detail {

// x in 16 bits, Mantissa of them behind the sign and the exponent.
template <int Mantissa, real T>
constexpr std::uint16_t narrowed(T x) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    constexpr int bits = 8 * int(sizeof(T)), digits = std::numeric_limits<T>::digits - 1;
    // Exponents as they are written, of T and of 16 bits, of the same number.
    constexpr int apart = (1 << (bits - 2 - digits)) - (1 << (14 - Mantissa));
    constexpr std::uint16_t infinity = 0x7fff >> Mantissa << Mantissa;
    word const all = std::bit_cast<word>(x), magnitude = all << 1 >> 1,
               fraction = magnitude << (bits - digits) >> (bits - digits);
    auto const sign = static_cast<std::uint16_t>(all >> (bits - 1) << 15);
    int const written = static_cast<int>(magnitude >> digits);
    if (written == (1 << (bits - 1 - digits)) - 1) {  // infinity, or NaN: a quiet one, with the first bits of its own
        if (fraction == 0) return static_cast<std::uint16_t>(sign | infinity);
        return static_cast<std::uint16_t>(sign | infinity | 1 << (Mantissa - 1) | int(fraction >> (digits - Mantissa)));
    }
    int const exponent = (written > 1 ? written : 1) - apart;
    if (exponent > 0x7fff >> Mantissa) return static_cast<std::uint16_t>(sign | infinity);
    int const shift = digits - Mantissa + (exponent < 1 ? 1 - exponent : 0);
    if (shift > digits + 1) return sign;  // less than half of the smallest
    word const significand = fraction | (written > 0 ? word(1) << digits : 0), below = significand >> shift,
               rest = significand - (below << shift), half = word(1) << (shift - 1);
    word const up = rest > half || (rest == half && (below & 1) != 0) ? 1 : 0;
    // A carry goes into the exponent.
    word const rounded = below + up + (exponent > 1 ? static_cast<word>(exponent - 1) << Mantissa : 0);
    return static_cast<std::uint16_t>(sign | (rounded < infinity ? static_cast<std::uint16_t>(rounded) : infinity));
}

// The float that a float16 is.
constexpr float widened_by_integers(std::uint16_t half) {
    std::uint32_t const sign = std::uint32_t(half & 0x8000u) << 16, magnitude = half & 0x7fffu;
    if (magnitude >= 0x7c00u) return std::bit_cast<float>(sign | 0x7f800000u | magnitude << 13);
    if (magnitude >= 0x400u) return std::bit_cast<float>(sign | ((magnitude << 13) + (112u << 23)));
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(magnitude) * 0x1p-24f));
}
[[gnu::always_inline]] constexpr float widened(std::uint16_t half) {
    if (std::is_constant_evaluated()) return widened_by_integers(half);
#if defined(__F16C__)
    return _cvtsh_ss(half);
#elif defined(__aarch64__)
    return static_cast<float>(std::bit_cast<__fp16>(half));
#elif defined(__arm__) && defined(__ARM_FEATURE_FMA)  // VFPv4 has both
    float x = std::bit_cast<float>(std::uint32_t(half));
    asm("vcvtb.f32.f16 %0, %0" : "+t"(x));
    return x;
#else
    return widened_by_integers(half);
#endif
}

}  // namespace detail

struct bfloat16 {
    std::uint16_t bits = 0;

    constexpr bfloat16() = default;
    template <real T>
    constexpr explicit bfloat16(T x) : bits(detail::narrowed<7>(x)) {}
    [[gnu::always_inline]] constexpr operator float() const { return std::bit_cast<float>(std::uint32_t(bits) << 16); }
};

struct float16 {
    std::uint16_t bits = 0;

    constexpr float16() = default;
    template <real T>
    constexpr explicit float16(T x) : bits(detail::narrowed<10>(x)) {}
    [[gnu::always_inline]] constexpr operator float() const { return detail::widened(bits); }
};

// Numbers in these take half the memory of a float, and none is computed with.
template <class T>
concept sixteen_bits = std::same_as<T, bfloat16> || std::same_as<T, float16>;

// What a load converts: those, and integers of eight bits, which have a scale beside them (embed/int8_storage.hpp).
template <class T>
concept narrow = sixteen_bits<T> || std::same_as<T, std::int8_t>;

}  // namespace paramorph::inline PARAMORPH_ABI
