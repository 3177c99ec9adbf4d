// Element types: float and double, in which a program computes; std::int32_t for labels and pivots; bfloat16, float16
// and std::int8_t, in which its arguments may be stored. The graph names them by `element`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "paramorph/core/abi.hpp"
#include "paramorph/core/storage.hpp"

namespace paramorph::inline PARAMORPH_ABI {

enum class element : std::uint8_t { f32, f64, i32, bf16, f16, i8 };

template <class T>
inline constexpr element element_of = std::same_as<T, std::int32_t>  ? element::i32
                                      : std::same_as<T, float>       ? element::f32
                                      : std::same_as<T, bfloat16>    ? element::bf16
                                      : std::same_as<T, float16>     ? element::f16
                                      : std::same_as<T, std::int8_t> ? element::i8
                                                                     : element::f64;

// Is it of 16 bits or eight, so that a load converts?
constexpr bool is_stored(element e) {
    return e == element::bf16 || e == element::f16 || e == element::i8;
}
// The type of what is stored as E in a program that computes in T.
template <element E, class T>
using stored_in = std::conditional_t<
    E == element::bf16, bfloat16,
    std::conditional_t<E == element::f16, float16, std::conditional_t<E == element::i8, std::int8_t, T>>>;

// As a program writes it.
template <class T>
inline constexpr std::string_view name_of_element = std::same_as<T, float>          ? "float"
                                                    : std::same_as<T, double>       ? "double"
                                                    : std::same_as<T, std::int32_t> ? "std::int32_t"
                                                    : std::same_as<T, std::int64_t> ? "std::int64_t"
                                                    : std::same_as<T, bfloat16>     ? "pm::bfloat16"
                                                    : std::same_as<T, float16>      ? "pm::float16"
                                                    : std::same_as<T, std::int8_t>  ? "std::int8_t"
                                                                                    : "another type";

constexpr int bytes_of(element e) {
    return e == element::f64 ? 8 : e == element::i8 ? 1 : is_stored(e) ? 2 : 4;
}

// x, rounded as it is where it is stored.
constexpr double as_stored(element e, double x) {
    return e == element::bf16  ? static_cast<double>(float(bfloat16(x)))
           : e == element::f16 ? static_cast<double>(float(float16(x)))
                               : x;
}

}  // namespace paramorph::inline PARAMORPH_ABI
