// Arithmetic on vectors, lane by lane, and what combines the lanes of one. It hides what differs between versions of
// xsimd and adds what they lack.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <type_traits>

#include "paramorph/compat/simd_types.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

/// Shifts zeros in from the left, lane by lane.
template <int Count, class I>
[[gnu::always_inline]] inline constexpr I shift_right(I v) {
    using U = std::make_unsigned_t<value_t<I>>;
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<I>)
        return simd::bit_cast<I>(simd::bit_cast<xsimd::batch<U, typename I::arch_type>>(v) >> Count);
    else
#endif
        return I(U(v) >> Count);
}

/// Does `fma` round once? The oldest xsimd has no fused instruction for AVX-512 and NEON batches.
#if defined(__FMA__)
template <class V>
inline constexpr bool fuses = sizeof(V) <= 32;
#elif defined(__aarch64__)
template <class V>
inline constexpr bool fuses = !is_batch<V>;
#else
template <class V>
inline constexpr bool fuses = false;
#endif

/// a * b + c, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fma(V a, V b, V c) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::fma(a, b, c);
    else
#endif
        if constexpr (fuses<V> && std::is_same_v<V, float>)
        return __builtin_fmaf(a, b, c);
    else if constexpr (fuses<V> && std::is_same_v<V, double>)
        return __builtin_fma(a, b, c);
    else
        return a * b + c;
}

/// a * b - c, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fms(V a, V b, V c) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::fms(a, b, c);
    else
#endif
        return simd::fma(a, b, V(-c));
}

/// c - a * b, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fnma(V a, V b, V c) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::fnma(a, b, c);
    else
#endif
        return c - a * b;
}

/// The smaller; b when either is not a number (x86; other targets may give the other one).
template <class V>
[[gnu::always_inline]] inline constexpr V min(V a, V b) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::min(a, b);
    else
#endif
        return a < b ? a : b;
}

/// The larger; b when either is not a number (x86; other targets may give the other one).
template <class V>
[[gnu::always_inline]] inline constexpr V max(V a, V b) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::max(a, b);
    else
#endif
        return a > b ? a : b;
}

/// The absolute value: clears the sign, also of zero and of what is not a number.
template <class V>
[[gnu::always_inline]] inline V abs(V a) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::abs(a);
    else
#endif
        return std::fabs(a);
}

/// The square root, correctly rounded.
template <class V>
[[gnu::always_inline]] inline V sqrt(V a) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>) {
#ifdef __aarch64__
        // xsimd 8 iterates, as for a unit without this instruction
        if constexpr (std::is_same_v<value_t<V>, float>) return V(vsqrtq_f32(a));
#endif
        return xsimd::sqrt(a);
    } else
#endif
        return std::sqrt(a);
}

/// v where the mask holds, 0 elsewhere. g++ makes two instructions of a selection from zeros.
template <class V>
[[gnu::always_inline]] inline constexpr V keep_where(mask_t<V> m, V v) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>) {
#ifdef __SSE2__
        if constexpr (sizeof m == sizeof v) return V(m.data) & v;  // before AVX-512, a mask is a vector
#endif
        return xsimd::select(m, v, V(0));
    } else
#endif
        return m ? v : V(0);
}

/// a where the mask holds, b elsewhere.
template <class V>
[[gnu::always_inline]] inline constexpr V select(mask_t<V> m, V a, V b) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::select(m, a, b);
    else
#endif
        return m ? a : b;
}

/// Does the mask hold in some lane?
template <class M>
[[gnu::always_inline]] inline bool any(M m) {
#ifdef PARAMORPH_XSIMD
    if constexpr (!std::is_same_v<M, bool>)
        return xsimd::any(m);
    else
#endif
        return m;
}

/// Folds the lanes pairwise: halves of the register are combined until one lane is left.
template <class V, class Combine>
[[gnu::always_inline]] inline value_t<V> reduce(V v, Combine combine) {
    if constexpr (!is_batch<V>) {
        return v;
    } else {
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
        if constexpr (sizeof(V) == 32 && std::is_same_v<value_t<V>, float>) {
            V a = combine(v, V(_mm256_permute2f128_ps(v, v, 1)));
            a = combine(a, V(_mm256_permute_ps(a, 0x4E)));
            a = combine(a, V(_mm256_permute_ps(a, 0xB1)));
            return _mm256_cvtss_f32(a);
        } else if constexpr (sizeof(V) == 32 && std::is_same_v<value_t<V>, double>) {
            V a = combine(v, V(_mm256_permute2f128_pd(v, v, 1)));
            a = combine(a, V(_mm256_permute_pd(a, 0x5)));
            return _mm256_cvtsd_f64(a);
        } else
#endif
        {
            value_t<V> lanes[width<V>];
            v.store_unaligned(lanes);
            for (int half = width<V> / 2; half > 0; half /= 2)
                for (int i = 0; i < half; ++i) lanes[i] = combine(lanes[i], lanes[i + half]);
            return lanes[0];
        }
    }
}

/// The sum of the lanes, added pairwise.
template <class V>
[[gnu::always_inline]] inline value_t<V> reduce_add(V v) {
    return reduce(v, [](auto a, auto b) __attribute__((always_inline)) { return a + b; });
}

/// The largest lane.
template <class V>
[[gnu::always_inline]] inline value_t<V> reduce_max(V v) {
    return reduce(v, [](auto a, auto b) __attribute__((always_inline)) { return simd::max(a, b); });
}

/// The entry of an eight-entry table that the lowest three bits of each lane name: one shuffle, AVX2 float only.
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
template <class V>
inline constexpr bool has_lookup = sizeof(V) == 32 && std::is_same_v<value_t<V>, float>;
template <class V>
[[gnu::always_inline]] inline integer_t<V> lookup(integer_t<V> table, integer_t<V> index) {
    return integer_t<V>(_mm256_permutevar8x32_epi32(table, index));
}
#else
template <class V>
inline constexpr bool has_lookup = false;
template <class V>
integer_t<V> lookup(integer_t<V> table, integer_t<V> index) = delete;
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::simd
