// The vector unit: one vocabulary for `xsimd::batch<T>` and for plain `float` and `double`.
//
// Every kernel is a template on a vector type V that is either a batch or a scalar, so the same code runs with and
// without a SIMD target. This is the only header that includes xsimd; it hides what differs between its versions (8 to
// 13) and adds what it lacks: partial loads and stores that never touch memory they should not, and transposition in
// registers. Loads and stores need no alignment. With PARAMORPH_NO_SIMD defined, or for a target without a vector unit,
// xsimd is not included at all and `best<T>` is T.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
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

namespace paramorph::simd {

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
        if constexpr (requires { V(m.data); } && sizeof m == sizeof v)
            return V(m.data) & v;
        else
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

static_assert(width<float> == 1 && width<best<float>> >= 1 && std::is_same_v<value_t<best<double>>, double>);
static_assert(vector<float> && vector<best<double>> && !vector<float*>);

}  // namespace paramorph::simd
