// A vector in plain C++: an array of lanes with the operators of one. Any number of lanes, any target. The compiler
// decides what it inlines: forced to, it takes minutes for kernels on 16 lanes.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

// What a comparison of lanes gives.
template <class T, int N>
struct lanes_mask {
    bool of[N];

    template <class F>
    static constexpr lanes_mask made(F const& f) {
        lanes_mask m{};
        for (int i = 0; i < N; ++i) m.of[i] = f(i);
        return m;
    }
    friend constexpr lanes_mask operator&(lanes_mask a, lanes_mask b) {
        return made([&](int i) { return a.of[i] && b.of[i]; });
    }
    friend constexpr lanes_mask operator|(lanes_mask a, lanes_mask b) {
        return made([&](int i) { return a.of[i] || b.of[i]; });
    }
    friend constexpr lanes_mask operator&&(lanes_mask a, lanes_mask b) { return a & b; }
    friend constexpr lanes_mask operator||(lanes_mask a, lanes_mask b) { return a | b; }
    friend constexpr lanes_mask operator!(lanes_mask a) {
        return made([&](int i) { return !a.of[i]; });
    }
};

template <class T, int N>
struct lanes {
    using value_type = T;
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    using mask = lanes_mask<T, N>;
    T of[N];

    lanes() = default;
    constexpr explicit(std::is_integral_v<T>) lanes(T x) : of{} {
        for (T& a : of) a = x;
    }

    // f(0), f(1), ...
    template <class F>
    static constexpr lanes made(F const& f) {
        lanes v(T{});
        for (int i = 0; i < N; ++i) v.of[i] = f(i);
        return v;
    }

    friend constexpr lanes operator+(lanes const& a, lanes const& b) {
        return made([&](int i) { return sum(a.of[i], b.of[i]); });
    }
    friend constexpr lanes operator-(lanes const& a, lanes const& b) {
        return made([&](int i) { return difference(a.of[i], b.of[i]); });
    }
    friend constexpr lanes operator*(lanes const& a, lanes const& b) {
        return made([&](int i) { return T(a.of[i] * b.of[i]); });
    }
    friend constexpr lanes operator/(lanes const& a, lanes const& b) {
        return made([&](int i) { return T(a.of[i] / b.of[i]); });
    }
    friend constexpr lanes operator-(lanes const& a) {
        return made([&](int i) { return T(-a.of[i]); });
    }
    friend constexpr lanes operator&(lanes const& a, lanes const& b) {
        return made([&](int i) { return std::bit_cast<T>(word(bits(a.of[i]) & bits(b.of[i]))); });
    }
    friend constexpr lanes operator|(lanes const& a, lanes const& b) {
        return made([&](int i) { return std::bit_cast<T>(word(bits(a.of[i]) | bits(b.of[i]))); });
    }
    friend constexpr lanes operator^(lanes const& a, lanes const& b) {
        return made([&](int i) { return std::bit_cast<T>(word(bits(a.of[i]) ^ bits(b.of[i]))); });
    }
    friend constexpr lanes operator<<(lanes const& a, int count) {
        return made([&](int i) { return std::bit_cast<T>(word(bits(a.of[i]) << count)); });
    }
    friend constexpr mask operator==(lanes const& a, lanes const& b) {
        return mask::made([&](int i) { return a.of[i] == b.of[i]; });
    }
    friend constexpr mask operator!=(lanes const& a, lanes const& b) {
        return mask::made([&](int i) { return a.of[i] != b.of[i]; });
    }
    friend constexpr mask operator<(lanes const& a, lanes const& b) {
        return mask::made([&](int i) { return a.of[i] < b.of[i]; });
    }
    friend constexpr mask operator<=(lanes const& a, lanes const& b) {
        return mask::made([&](int i) { return a.of[i] <= b.of[i]; });
    }
    friend constexpr mask operator>(lanes const& a, lanes const& b) { return b < a; }
    friend constexpr mask operator>=(lanes const& a, lanes const& b) { return b <= a; }

  private:
    static constexpr word bits(T x) { return std::bit_cast<word>(x); }
    // Integers wrap around, as in registers.
    static constexpr T sum(T a, T b) {
        if constexpr (std::is_integral_v<T>)
            return T(word(a) + word(b));
        else
            return a + b;
    }
    static constexpr T difference(T a, T b) {
        if constexpr (std::is_integral_v<T>)
            return T(word(a) - word(b));
        else
            return a - b;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::simd
