// What a vector is: `xsimd::batch<T>`, or a scalar, which is a vector of one lane. This is the only header that
// includes xsimd. With PARAMORPH_NO_SIMD defined, or for a target without a vector unit, xsimd is not included at all
// and `best<T>` is T.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#if !defined(PARAMORPH_NO_SIMD) && \
    (defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__) || defined(__wasm_simd128__))
#include <xsimd/xsimd.hpp>
#if !defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
#define PARAMORPH_XSIMD 1
#endif
#endif

#if defined(PARAMORPH_XSIMD) && defined(__aarch64__)
// xsimd 8 divides floats by a reciprocal that it refines, as for a unit without a division: off by ulps, and wrong
// where the reciprocal overflows.
template <>
inline xsimd::batch<float, xsimd::neon64>& xsimd::batch<float, xsimd::neon64>::operator/=(
    xsimd::batch<float, xsimd::neon64> const& other) noexcept {
    return *this = xsimd::batch<float, xsimd::neon64>(vdivq_f32(*this, other));
}
#endif

namespace paramorph::inline PARAMORPH_ABI::simd {

namespace detail {

template <class V>
struct traits;

/// A scalar is a vector of one lane; its mask is a bool.
template <std::floating_point T>
struct traits<T> {
    using value = T;
    using mask = bool;
    using integer = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    static constexpr int width = 1;
    static constexpr bool batch = false;
};

template <std::integral T>
struct traits<T> {
    using value = T;
    using mask = bool;
    using integer = T;
    static constexpr int width = 1;
    static constexpr bool batch = false;
};

template <class T>
struct choose {
    using type = T;
};

#ifdef PARAMORPH_XSIMD
template <class T, class A>
struct traits<xsimd::batch<T, A>> {
    using value = T;
    using mask = xsimd::batch_bool<T, A>;
    using integer = xsimd::batch<std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>, A>;
    static constexpr int width = int(xsimd::batch<T, A>::size);
    static constexpr bool batch = true;
};

template <class T>
    requires xsimd::has_simd_register<T>::value
struct choose<T> {
    using type = xsimd::batch<T>;
};
#endif

}  // namespace detail

/// The element type of a vector type.
template <class V>
using value_t = typename detail::traits<V>::value;

/// What a comparison of two vectors gives: `xsimd::batch_bool` or `bool`. Combine masks by `&`, `|` and `select`.
template <class V>
using mask_t = typename detail::traits<V>::mask;

/// Signed integers of the same width, lane by lane.
template <class V>
using integer_t = typename detail::traits<V>::integer;

/// Number of lanes.
template <class V>
inline constexpr int width = detail::traits<V>::width;

/// True for `xsimd::batch`, false for scalars.
template <class V>
inline constexpr bool is_batch = detail::traits<V>::batch;

/// The widest vector of T this target has; T itself when it has none.
template <class T>
using best = typename detail::choose<T>::type;

/// A vector type: a scalar or a batch.
template <class V>
concept vector = requires { typename detail::traits<std::remove_cvref_t<V>>::value; };

/// All lanes equal to x.
template <class V>
[[gnu::always_inline]] inline constexpr V splat(value_t<V> x) {
    return V(x);
}

/// Reinterprets the bits: `bit_cast<integer_t<V>>(v)`.
template <class To, class V>
[[gnu::always_inline]] inline constexpr To bit_cast(V v) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return To(std::bit_cast<typename To::register_type>(static_cast<typename V::register_type>(v)));
    else
#endif
        return std::bit_cast<To>(v);
}

static_assert(width<float> == 1 && width<best<float>> >= 1 && std::is_same_v<value_t<best<double>>, double>);
static_assert(vector<float> && vector<best<double>> && !vector<float*>);

}  // namespace paramorph::inline PARAMORPH_ABI::simd
