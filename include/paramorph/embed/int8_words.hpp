// Rows of numbers in eight bits: integers of at most 127 in magnitude, four in a word, and a scale for each row.
// Rounding is to the nearest: q[k] = round(x[k] / s), s = max |x| / 127. Or at a fixed scale, ties to the even integer:
// numbers beyond 127 s, or -128 s, saturate there.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

constexpr int words_of(int bytes) {
    return (bytes + 3) / 4;
}
// Integer k of a row of words; the first one is in the lowest bits.
constexpr int byte_of(std::int32_t const* words, int k) {
    auto const word = static_cast<std::uint32_t>(words[k / 4]);
    return static_cast<std::int8_t>(static_cast<std::uint8_t>(word >> (8 * (k % 4))));
}
template <class T>
constexpr int nearest(T x) {
    return static_cast<int>(x + (x < 0 ? T(-0.5) : T(0.5)));
}
// Words widened to sixteen bits: of each word a pair of its first and third integer, then one of its second and fourth.
constexpr int half_of(std::int32_t const* pairs, int k) {
    auto const pair = static_cast<std::uint32_t>(pairs[k / 4 * 2 + k % 2]);
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(pair >> (k % 4 / 2 * 16)));
}
// n integers in [-128, 127], integer(k), as words of four, or widened.
template <bool Widened = false, class Integer>
[[gnu::always_inline]] constexpr void pack_integers(int n, std::int32_t* to, Integer const& integer) {
    if constexpr (Widened) {
        auto const half = [&](int k) __attribute__((always_inline)) {
            return k < n ? static_cast<std::uint32_t>(integer(k)) & 0xffffu : 0u;
        };
        for (int k = 0; k < 4 * words_of(n); k += 4)
            for (int odd = k; odd < k + 2; ++odd) *to++ = static_cast<std::int32_t>(half(odd) | half(odd + 2) << 16);
    } else
        for (int w = 0; w < words_of(n); ++w) {
            std::uint32_t word = 0;
            for (int b = 3; b >= 0; --b)
                word = word << 8 | (4 * w + b < n ? static_cast<std::uint32_t>(integer(4 * w + b)) & 255u : 0u);
            to[w] = static_cast<std::int32_t>(word);
        }
}
// n numbers in [-127, 127], number(k), rounded to words of four integers, or widened.
template <bool Widened = false, class Number>
[[gnu::always_inline]] constexpr void pack_words(int n, std::int32_t* to, Number const& number) {
    pack_integers<Widened>(n, to, [&](int k) __attribute__((always_inline)) { return nearest(number(k)); });
}
// x times the reciprocal of a scale, rounded to an integer of [-128, 127]: the sum with 1.5 times the number from which
// on neighbours are 1 apart has the integer in its lowest bits.
template <class T>
[[gnu::always_inline]] constexpr int nearest_saturated(T x, T reciprocal) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    constexpr T middle = T(1.5) / std::numeric_limits<T>::epsilon();
#ifdef __ARM_FEATURE_SIMD32
    if constexpr (sizeof(T) == 4)
        if (!std::is_constant_evaluated()) {
            std::int32_t q = std::bit_cast<std::int32_t>(x * reciprocal + middle);
            asm("qsub %0, %1, %2" : "=r"(q) : "r"(q), "r"(std::bit_cast<std::int32_t>(middle)));
            asm("ssat %0, #8, %1" : "=r"(q) : "r"(q));
            return q;
        }
#endif
    T const y = x * reciprocal, z = y < T(-128) ? T(-128) : y > T(127) ? T(127) : y;
    return static_cast<int>(std::bit_cast<bits>(z + middle) - std::bit_cast<bits>(middle));
}
// n numbers, number(k), at a fixed scale, in words or widened; are they finite?
template <bool Widened = false, class T, class Number>
[[gnu::always_inline]] constexpr bool pack_saturated(int n, T reciprocal, std::int32_t* to, Number const& number) {
    T zero = 0;  // NaN if one number is not finite
    pack_integers<Widened>(n, to, [&](int k) __attribute__((always_inline)) {
        T const x = number(k);
        zero += x * T(0);
        return nearest_saturated(x, reciprocal);
    });
    return zero == T(0);
}
// The largest magnitude of n numbers; infinite or NaN where one is. Magnitudes are in the order of their bits.
template <class T>
constexpr T largest_magnitude(T const* x, int n) {
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    bits largest = 0;
    for (int k = 0; k < n; ++k) {
        bits const size = std::bit_cast<bits>(x[k]) & bits(-1) >> 1;
        largest = size > largest ? size : largest;
    }
    return std::bit_cast<T>(largest);
}
// The scale of n numbers; -1 where one is not finite. Of numbers so small that it has few digits it is such that no
// integer exceeds 127.
template <class T>
constexpr T scale_of_words(T const* x, int n) {
    T const largest = largest_magnitude(x, n);
    if (!(largest <= std::numeric_limits<T>::max())) return -1;
    T scale = largest / 127;
    if (largest > 0 && !(scale > 0 && largest / scale <= T(127.4))) scale += std::numeric_limits<T>::denorm_min();
    return scale;
}
// n numbers, number(k), over a scale that is not negative; in words, or widened.
template <bool Widened = false, class T, class Number>
constexpr void pack_scaled(int n, T scale, std::int32_t* to, Number number) {
    if (scale >= std::numeric_limits<T>::min() * 2) {
        T const inverse = 1 / scale;
        pack_words<Widened>(n, to, [&](int k) { return number(k) * inverse; });
    } else
        pack_words<Widened>(n, to, [&](int k) { return scale > 0 ? number(k) / scale : T(0); });
}
// As round_to_words, of numbers so small that 127 / largest may overflow. Their scale has few digits; where it was
// rounded down it goes up to the next number, so that no integer exceeds 127.
template <class T>
[[gnu::noinline, gnu::cold]] constexpr T round_tiny_to_words(T const* x, int n, std::int32_t* words, T largest) {
    T scale = largest / 127;
    if (largest > 0 && !(scale > 0 && largest / scale <= 127)) scale += std::numeric_limits<T>::denorm_min();
    pack_words(n, words, [&](int k) { return scale > 0 ? x[k] / scale : T(0); });
    return scale;
}
// n numbers, rounded to words of four integers; their scale, or -1 where one is not finite.
template <class T>
constexpr T round_to_words(T const* x, int n, std::int32_t* words) {
    T const largest = largest_magnitude(x, n);
    if (!(largest <= std::numeric_limits<T>::max())) return -1;
    if (largest < std::numeric_limits<T>::min() * 256) return round_tiny_to_words(x, n, words, largest);
    T const inverse = 127 / largest;
    pack_words(n, words, [&](int k) __attribute__((always_inline)) { return x[k] * inverse; });
    return largest / 127;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
