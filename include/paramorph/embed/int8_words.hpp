// Rows of numbers in eight bits: integers of at most 127 in magnitude, four in a word, and a scale for each row.
// Rounding is to the nearest: q[k] = round(x[k] / s), s = max |x| / 127.
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
// n numbers in [-127, 127], number(k), rounded to words of four integers.
template <class Number>
[[gnu::always_inline]] constexpr void pack_words(int n, std::int32_t* words, Number const& number) {
    for (int w = 0; w < words_of(n); ++w) {
        std::uint32_t word = 0;
        for (int b = 3; b >= 0; --b)
            word = word << 8 | (4 * w + b < n ? static_cast<std::uint32_t>(nearest(number(4 * w + b))) & 255u : 0u);
        words[w] = static_cast<std::int32_t>(word);
    }
}
// Words widened to sixteen bits: of each word a pair of its first and third integer, then one of its second and fourth.
constexpr int half_of(std::int32_t const* pairs, int k) {
    auto const pair = static_cast<std::uint32_t>(pairs[k / 4 * 2 + k % 2]);
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(pair >> (k % 4 / 2 * 16)));
}
// As pack_words, widened.
template <class Number>
[[gnu::always_inline]] constexpr void pack_pairs(int n, std::int32_t* pairs, Number const& number) {
    auto const half = [&](int k) __attribute__((always_inline)) {
        return k < n ? static_cast<std::uint32_t>(nearest(number(k))) & 0xffffu : 0u;
    };
    for (int k = 0; k < 4 * words_of(n); k += 4)
        for (int odd = k; odd < k + 2; ++odd) *pairs++ = static_cast<std::int32_t>(half(odd) | half(odd + 2) << 16);
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
    auto const pack = [&](auto const& scaled) __attribute__((always_inline)) {
        if constexpr (Widened)
            pack_pairs(n, to, scaled);
        else
            pack_words(n, to, scaled);
    };
    if (scale >= std::numeric_limits<T>::min() * 2) {
        T const inverse = 1 / scale;
        pack([&](int k) { return number(k) * inverse; });
    } else
        pack([&](int k) { return scale > 0 ? number(k) / scale : T(0); });
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
