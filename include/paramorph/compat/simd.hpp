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

/// Memory accesses before and after it are not exchanged by the compiler. Two stores to one cache line retire together when they
/// are neighbours, and g++'s scheduler would move others between them (a symmetric matrix of 256: 1.2 times slower).
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

/// a * b + c, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fma(V a, V b, V c) {
#ifdef PARAMORPH_XSIMD
    if constexpr (is_batch<V>)
        return xsimd::fma(a, b, c);
    else
#endif
        return a * b + c;
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
    if constexpr (is_batch<V>)
        return xsimd::sqrt(a);
    else
#endif
        return std::sqrt(a);
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

namespace detail {

/// Zeros, then ones (all bits set): reading at width - t gives the mask of the lanes >= t.
template <class T, int N>
struct mask_table {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    alignas(64) word high[2 * N]{}, low[2 * N]{}, single[2 * N + 2]{};
    constexpr mask_table() {
        for (int i = 0; i < N; ++i) high[N + i] = low[i] = ~word(0);
        single[N] = ~word(0);
    }
};
template <class T, int N>
inline constexpr mask_table<T, N> masks{};

template <class V>
[[gnu::always_inline]] inline V masked(V v, typename mask_table<value_t<V>, width<V>>::word const* mask) {
    if constexpr (!is_batch<V>) return *mask != 0 ? v : V(0);
#ifdef PARAMORPH_XSIMD
    else return v & V::load_unaligned(reinterpret_cast<value_t<V> const*>(mask));
#endif
}
[[gnu::always_inline]] inline constexpr std::ptrdiff_t clamped(std::ptrdiff_t t, std::ptrdiff_t low, std::ptrdiff_t high) {
    return t < low ? low : t > high ? high : t;
}

}  // namespace detail

/// Lanes at and after t, zero before; any t.
template <class V>
[[gnu::always_inline]] inline V keep_from(V v, std::ptrdiff_t t) {
    constexpr int n = width<V>;
    return detail::masked(v, detail::masks<value_t<V>, n>.high + (n - detail::clamped(t, 0, n)));
}
/// Lanes before t, zero at and after it; any t.
template <class V>
[[gnu::always_inline]] inline V keep_before(V v, std::ptrdiff_t t) {
    constexpr int n = width<V>;
    return detail::masked(v, detail::masks<value_t<V>, n>.low + (n - detail::clamped(t, 0, n)));
}
/// Lane t, zero elsewhere; any t.
template <class V>
[[gnu::always_inline]] inline V keep_only(V v, std::ptrdiff_t t) {
    constexpr int n = width<V>;
    return detail::masked(v, detail::masks<value_t<V>, n>.single + (n - detail::clamped(t, -1, n)));
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

/// Transposes a square of width<V> rows, in registers where the target is known.
/// Cost: 24 shuffles for 8 x 8 float (AVX), 8 for 4 x 4, 2 for 2 x 2; through memory for other widths.
template <class V, int N>
[[gnu::always_inline]] inline void transpose(V (&r)[N]) {
    static_assert(N == width<V>, "transpose takes a square: as many rows as the vector type has lanes");
    if constexpr (N > 1) {
        [[maybe_unused]] constexpr bool single = std::is_same_v<value_t<V>, float>;
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
        if constexpr (N == 8 && single) {
            __m256 const a0 = _mm256_unpacklo_ps(r[0], r[1]), a1 = _mm256_unpackhi_ps(r[0], r[1]);
            __m256 const a2 = _mm256_unpacklo_ps(r[2], r[3]), a3 = _mm256_unpackhi_ps(r[2], r[3]);
            __m256 const a4 = _mm256_unpacklo_ps(r[4], r[5]), a5 = _mm256_unpackhi_ps(r[4], r[5]);
            __m256 const a6 = _mm256_unpacklo_ps(r[6], r[7]), a7 = _mm256_unpackhi_ps(r[6], r[7]);
            __m256 const b0 = _mm256_shuffle_ps(a0, a2, 0x44), b1 = _mm256_shuffle_ps(a0, a2, 0xEE);
            __m256 const b2 = _mm256_shuffle_ps(a1, a3, 0x44), b3 = _mm256_shuffle_ps(a1, a3, 0xEE);
            __m256 const b4 = _mm256_shuffle_ps(a4, a6, 0x44), b5 = _mm256_shuffle_ps(a4, a6, 0xEE);
            __m256 const b6 = _mm256_shuffle_ps(a5, a7, 0x44), b7 = _mm256_shuffle_ps(a5, a7, 0xEE);
            r[0] = _mm256_permute2f128_ps(b0, b4, 0x20), r[1] = _mm256_permute2f128_ps(b1, b5, 0x20);
            r[2] = _mm256_permute2f128_ps(b2, b6, 0x20), r[3] = _mm256_permute2f128_ps(b3, b7, 0x20);
            r[4] = _mm256_permute2f128_ps(b0, b4, 0x31), r[5] = _mm256_permute2f128_ps(b1, b5, 0x31);
            r[6] = _mm256_permute2f128_ps(b2, b6, 0x31), r[7] = _mm256_permute2f128_ps(b3, b7, 0x31);
            return;
        } else if constexpr (N == 4 && !single) {
            __m256d const a0 = _mm256_unpacklo_pd(r[0], r[1]), a1 = _mm256_unpackhi_pd(r[0], r[1]);
            __m256d const a2 = _mm256_unpacklo_pd(r[2], r[3]), a3 = _mm256_unpackhi_pd(r[2], r[3]);
            r[0] = _mm256_permute2f128_pd(a0, a2, 0x20), r[1] = _mm256_permute2f128_pd(a1, a3, 0x20);
            r[2] = _mm256_permute2f128_pd(a0, a2, 0x31), r[3] = _mm256_permute2f128_pd(a1, a3, 0x31);
            return;
        }
#elif defined(PARAMORPH_XSIMD) && defined(__SSE2__)
        if constexpr (N == 4 && single && sizeof(V) == 16) {
            __m128 const a0 = _mm_unpacklo_ps(r[0], r[1]), a1 = _mm_unpackhi_ps(r[0], r[1]);
            __m128 const a2 = _mm_unpacklo_ps(r[2], r[3]), a3 = _mm_unpackhi_ps(r[2], r[3]);
            r[0] = _mm_movelh_ps(a0, a2), r[1] = _mm_movehl_ps(a2, a0);
            r[2] = _mm_movelh_ps(a1, a3), r[3] = _mm_movehl_ps(a3, a1);
            return;
        } else if constexpr (N == 2) {
            __m128d const a0 = _mm_unpacklo_pd(r[0], r[1]);
            r[1] = _mm_unpackhi_pd(r[0], r[1]), r[0] = a0;
            return;
        }
#elif defined(PARAMORPH_XSIMD) && defined(__aarch64__)
        if constexpr (N == 4 && single) {
            float32x4_t const a0 = vzip1q_f32(r[0], r[2]), a1 = vzip2q_f32(r[0], r[2]);
            float32x4_t const a2 = vzip1q_f32(r[1], r[3]), a3 = vzip2q_f32(r[1], r[3]);
            r[0] = vzip1q_f32(a0, a2), r[1] = vzip2q_f32(a0, a2);
            r[2] = vzip1q_f32(a1, a3), r[3] = vzip2q_f32(a1, a3);
            return;
        } else if constexpr (N == 2) {
            float64x2_t const a0 = vzip1q_f64(r[0], r[1]);
            r[1] = vzip2q_f64(r[0], r[1]), r[0] = a0;
            return;
        }
#endif
        value_t<V> rows[N][N], columns[N][N];
        for (int i = 0; i < N; ++i) store(rows[i], r[i]);
        for (int i = 0; i < N; ++i)
            for (int j = 0; j < N; ++j) columns[j][i] = rows[i][j];
        for (int i = 0; i < N; ++i) r[i] = load<V>(columns[i]);
    }
}

/// A square read transposed comes in groups of rows, so that few registers are needed: row k of group h is column
/// h * transposed_rows<V> + k of the width<V> rows at p, `stride` apart.
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
template <class V>
inline constexpr int transposed_rows = sizeof(V) == 32 && std::is_same_v<value_t<V>, float> ? 4 : width<V>;
#else
template <class V>
inline constexpr int transposed_rows = width<V>;
#endif
template <class V, int N>
[[gnu::always_inline]] inline void load_transposed(V (&r)[N], value_t<V> const* p, std::ptrdiff_t stride, int group) {
    static_assert(N == transposed_rows<V>);
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
    if constexpr (sizeof(V) == 32 && std::is_same_v<value_t<V>, float>) {
        p += group * 4;
        auto const halves = [&](int k) __attribute__((always_inline)) {
            return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p + k * stride)), _mm_loadu_ps(p + (k + 4) * stride), 1);
        };
        __m256 const a = halves(0), b = halves(1), c = halves(2), d = halves(3);
        __m256 const ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
        __m256 const high_ab = _mm256_unpackhi_ps(a, b), high_cd = _mm256_unpackhi_ps(c, d);
        r[0] = _mm256_shuffle_ps(ab, cd, 0x44), r[1] = _mm256_shuffle_ps(ab, cd, 0xEE);
        r[2] = _mm256_shuffle_ps(high_ab, high_cd, 0x44), r[3] = _mm256_shuffle_ps(high_ab, high_cd, 0xEE);
        return;
    }
#endif
    if constexpr (N == width<V>) {
        (void)group;
        for (int k = 0; k < N; ++k) r[k] = load<V>(p + k * stride);
        transpose(r);
    }
}

static_assert(width<float> == 1 && width<best<float>> >= 1 && std::is_same_v<value_t<best<double>>, double>);
static_assert(vector<float> && vector<best<double>> && !vector<float*>);

}  // namespace paramorph::simd
