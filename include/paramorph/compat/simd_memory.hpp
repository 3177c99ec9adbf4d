// Vectors from memory and back, whole or in part: a partial load or store never touches memory that it should not. None
// needs alignment.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "paramorph/compat/simd_types.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

/// Reads width<V> elements.
template <class V>
[[gnu::always_inline]] inline V load(value_t<V> const* p) {
    if constexpr (is_batch<V>)
        return V::load_unaligned(p);
    else
        return *p;
}

/// Memory accesses before and after it are not exchanged by the compiler. Two stores to one cache line retire together
/// when they are neighbours, and g++'s scheduler would move others between them (a symmetric matrix of 256: 1.2 times
/// slower).
[[gnu::always_inline]] inline void keep_order() {
    asm volatile("" ::: "memory");
}

/// Writes width<V> elements.
template <class V>
[[gnu::always_inline]] inline void store(value_t<V>* p, V v) {
    if constexpr (is_batch<V>)
        v.store_unaligned(p);
    else
        *p = v;
}

namespace detail {

/// 8 words of all ones, then 8 of zeros: reading at 8 - n (4 byte lanes) gives the mask of the first n lanes.
alignas(64) inline constexpr std::int32_t lanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

}  // namespace detail

/// Reads n elements, 0 <= n <= width<V>; the remaining lanes are zero. Memory at p + n and beyond is not touched.
template <class V>
[[gnu::always_inline]] inline V load_partial(value_t<V> const* p, int n) {
    using T = value_t<V>;
    if constexpr (!is_batch<V>) {
        return n > 0 ? *p : T(0);
    } else {
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
        if constexpr (sizeof(V) == 32 && std::is_same_v<T, float>)
            return V(
                _mm256_maskload_ps(p, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(detail::lanes + 8 - n))));
        else if constexpr (sizeof(V) == 32 && std::is_same_v<T, double>)
            return V(
                _mm256_maskload_pd(p, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(detail::lanes + 8 - 2 * n))));
        else
#endif
        {
            T lanes[width<V>] = {};
            for (int i = 0; i < width<V>; ++i)
                if (i < n) lanes[i] = p[i];
            return V::load_unaligned(lanes);
        }
    }
}

/// Writes the first n lanes, 0 <= n <= width<V>. Memory at p + n and beyond is not touched.
template <class V>
[[gnu::always_inline]] inline void store_partial(value_t<V>* p, V v, int n) {
    using T = value_t<V>;
    if constexpr (!is_batch<V>) {
        if (n > 0) *p = v;
    } else {
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
        if constexpr (sizeof(V) == 32 && std::is_same_v<T, float>)
            _mm256_maskstore_ps(p, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(detail::lanes + 8 - n)), v);
        else if constexpr (sizeof(V) == 32 && std::is_same_v<T, double>)
            _mm256_maskstore_pd(p, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(detail::lanes + 8 - 2 * n)), v);
        else
#endif
        {
            T lanes[width<V>];
            v.store_unaligned(lanes);
            for (int i = 0; i < width<V>; ++i)
                if (i < n) p[i] = lanes[i];
        }
    }
}

/// 0, 1, 2, ...
template <class V>
[[gnu::always_inline]] inline V iota() {
    using T = value_t<V>;
    if constexpr (!is_batch<V>)
        return T(0);
    else
        return []<int... I>(std::integer_sequence<int, I...>) {
            static constexpr T lanes[] = {T(I)...};
            return V::load_unaligned(lanes);
        }(std::make_integer_sequence<int, width<V>>{});
}

}  // namespace paramorph::inline PARAMORPH_ABI::simd
