// Element types: float, double, and std::int32_t for labels and pivots. The graph names them by `element`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

enum class element : std::uint8_t { f32, f64, i32 };

template <class T>
concept real = std::same_as<T, float> || std::same_as<T, double>;

template <class T>
inline constexpr element element_of = std::same_as<T, std::int32_t> ? element::i32
                                      : std::same_as<T, float>      ? element::f32
                                                                    : element::f64;

// As a program writes it.
template <class T>
inline constexpr std::string_view name_of_element = std::same_as<T, float>          ? "float"
                                                    : std::same_as<T, double>       ? "double"
                                                    : std::same_as<T, std::int32_t> ? "std::int32_t"
                                                    : std::same_as<T, std::int64_t> ? "std::int64_t"
                                                                                    : "another type";

constexpr int bytes_of(element e) {
    return e == element::f64 ? 8 : 4;
}

}  // namespace paramorph::inline PARAMORPH_ABI
