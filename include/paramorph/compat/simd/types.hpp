// What a vector is: `xsimd::batch<T>`, or a scalar, which is a vector of one lane. This is the only header that
// includes xsimd. Two macros, which every file of a program may set in its own way, choose otherwise:
//
//   PARAMORPH_NO_SIMD          no vectors: `best<T>` is T and xsimd is not included, as on targets without a vector
//                              unit
//   PARAMORPH_GENERIC_SIMD=n   vectors of n floats, or n / 2 doubles, in plain C++ (compat/simd/lanes.hpp), n a power
//                              of two from 2 to 64: for tests of what wider units need, and for units that xsimd has
//                              not
//
// Each vector type names the architecture whose functions it takes: a class of static functions in a header of its own.
// Those that an architecture does not define are those of its base, at last of `arch::generic`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#if defined(PARAMORPH_GENERIC_SIMD)
#include "paramorph/compat/simd/lanes.hpp"
static_assert(PARAMORPH_GENERIC_SIMD >= 2 && PARAMORPH_GENERIC_SIMD <= 64 &&
                  (PARAMORPH_GENERIC_SIMD & (PARAMORPH_GENERIC_SIMD - 1)) == 0,
              "PARAMORPH_GENERIC_SIMD: the number of floats in a vector must be 2, 4, 8, 16, 32 or 64; for no vectors "
              "define PARAMORPH_NO_SIMD instead");
#elif !defined(PARAMORPH_NO_SIMD) && \
    (defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__) || defined(__wasm_simd128__))
#include "paramorph/compat/simd/intrinsics.hpp"
//
#include <xsimd/xsimd.hpp>
#if !defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
#define PARAMORPH_XSIMD 1
#endif
#endif

namespace paramorph::inline PARAMORPH_ABI::simd {

namespace arch {

struct scalar;
struct generic;
struct unit;  // any that xsimd knows
struct sse2;
struct avx;
struct avx2;
struct avx512;
struct neon;

}  // namespace arch

namespace detail {

template <class V>
struct traits;

// A scalar is a vector of one lane; its mask is a bool.
template <std::floating_point T>
struct traits<T> {
    using value = T;
    using mask = bool;
    using integer = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    using arch = simd::arch::scalar;
    static constexpr int width = 1;
    static constexpr bool batch = false;
};

template <std::integral T>
struct traits<T> {
    using value = T;
    using mask = bool;
    using integer = T;
    using arch = simd::arch::scalar;
    static constexpr int width = 1;
    static constexpr bool batch = false;
};

template <class T>
struct choose {
    using type = T;
};

#if defined(PARAMORPH_GENERIC_SIMD)
template <class T, int N>
struct traits<lanes<T, N>> {
    using value = T;
    using mask = lanes_mask<T, N>;
    using integer = lanes<std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>, N>;
    using unsigned_integer = lanes<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>, N>;
    using arch = simd::arch::generic;
    static constexpr int width = N;
    static constexpr bool batch = true;
};

template <std::floating_point T>
    requires(sizeof(T) <= 8 && PARAMORPH_GENERIC_SIMD * 4 > sizeof(T))
struct choose<T> {
    using type = lanes<T, PARAMORPH_GENERIC_SIMD * 4 / int(sizeof(T))>;
};
#elif defined(PARAMORPH_XSIMD)
// The architecture of a register of so many bytes.
template <int Bytes>
struct arch_of {
    using type = simd::arch::unit;
};
#if defined(__SSE2__)
template <>
struct arch_of<16> {
    using type = simd::arch::sse2;
};
#elif defined(__aarch64__)
template <>
struct arch_of<16> {
    using type = simd::arch::neon;
};
#endif
#if defined(__AVX__)
template <>
struct arch_of<32> {
#if defined(__AVX2__)
    using type = simd::arch::avx2;
#else
    using type = simd::arch::avx;
#endif
};
#endif
#if defined(__AVX512F__)
template <>
struct arch_of<64> {
    using type = simd::arch::avx512;
};
#endif

template <class T, class A>
struct traits<xsimd::batch<T, A>> {
    using value = T;
    using mask = xsimd::batch_bool<T, A>;
    using integer = xsimd::batch<std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>, A>;
    using unsigned_integer = xsimd::batch<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>, A>;
    using arch = typename arch_of<int(sizeof(xsimd::batch<T, A>))>::type;
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

// The element type of a vector type.
template <class V>
using value_t = typename detail::traits<V>::value;

// What a comparison of two vectors gives: `xsimd::batch_bool` or `bool`. Combine masks by `&`, `|` and `select`.
template <class V>
using mask_t = typename detail::traits<V>::mask;

// Signed integers of the same width, lane by lane.
template <class V>
using integer_t = typename detail::traits<V>::integer;

// The class whose static functions a vector type takes.
template <class V>
using arch_t = typename detail::traits<V>::arch;

// Number of lanes.
template <class V>
inline constexpr int width = detail::traits<V>::width;

// True for vectors of several lanes, false for scalars.
template <class V>
inline constexpr bool is_batch = detail::traits<V>::batch;

// Is an element a float?
template <class V>
inline constexpr bool is_single = std::is_same_v<value_t<V>, float>;

// The widest vector of T this target has; T itself when it has none.
template <class T>
using best = typename detail::choose<T>::type;

// A vector type: a scalar or a batch.
template <class V>
concept vector = requires { typename detail::traits<std::remove_cvref_t<V>>::value; };

static_assert(width<float> == 1 && width<best<float>> >= 1 && std::is_same_v<value_t<best<double>>, double>);
static_assert(vector<float> && vector<best<double>> && !vector<float*>);

}  // namespace paramorph::inline PARAMORPH_ABI::simd
