// The floating-point numbers next to a real number.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The next number of type T above x, or below it; x is finite.
template <class T>
constexpr T next_number(T x, bool above) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    if (x == 0) return above ? std::numeric_limits<T>::denorm_min() : -std::numeric_limits<T>::denorm_min();
    return std::bit_cast<T>(static_cast<bits>(std::bit_cast<bits>(x) + ((x > 0) == above ? 1 : -1)));
}
// The least number of type T that is not below x, and the largest that is not above it.
template <class T>
constexpr T not_below(double x) {
    T const t = static_cast<T>(x);
    return double(t) < x ? next_number(t, true) : t;
}
template <class T>
constexpr T not_above(double x) {
    T const t = static_cast<T>(x);
    return double(t) > x ? next_number(t, false) : t;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
