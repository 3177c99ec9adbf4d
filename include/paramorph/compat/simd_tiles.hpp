// What tiles of a matrix need beyond single vectors: masks by lane, squares transposed in registers, and squares loaded
// transposed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

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
    else
        return v & V::load_unaligned(reinterpret_cast<value_t<V> const*>(mask));
#endif
}
[[gnu::always_inline]] inline constexpr std::ptrdiff_t clamped(std::ptrdiff_t t, std::ptrdiff_t low,
                                                               std::ptrdiff_t high) {
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
/// Lanes at and after t from `high`, those before t from `low`; any t.
template <class V>
[[gnu::always_inline]] inline V choose_from(V low, V high, std::ptrdiff_t t) {
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
    if constexpr (sizeof(V) == 32) {  // a mask is a register
        constexpr int n = width<V>;
        auto const* const mask = detail::masks<value_t<V>, n>.high + (n - detail::clamped(t, 0, n));
        return simd::select(mask_t<V>(V::load_unaligned(reinterpret_cast<value_t<V> const*>(mask))), high, low);
    } else
#endif
        return keep_before(low, t) + keep_from(high, t);
}
/// Lane t, zero elsewhere; any t.
template <class V>
[[gnu::always_inline]] inline V keep_only(V v, std::ptrdiff_t t) {
    constexpr int n = width<V>;
    return detail::masked(v, detail::masks<value_t<V>, n>.single + (n - detail::clamped(t, -1, n)));
}

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

/// One lane for each row of a square: its lanes combined. Cost: 9 shuffles, 5 blends and 7 combinations for 8 x 8 float
/// (AVX2).
template <class V, int N, class Combine>
[[gnu::always_inline]] inline V combine_rows(V (&r)[N], Combine const& combine) {
    static_assert(N == width<V>);
#if defined(PARAMORPH_XSIMD) && defined(__AVX2__)
    if constexpr (N == 8) {
        // A blend needs no shuffle's port.
        auto const halves = [&](V a, V b) __attribute__((always_inline)) {
            return combine(V(_mm256_blend_ps(a, b, 0xCC)), V(_mm256_shuffle_ps(a, b, 0x4E)));
        };
        auto const pairs = [&](V a, V b) __attribute__((always_inline)) {
            return combine(V(_mm256_shuffle_ps(a, b, 0x88)), V(_mm256_shuffle_ps(a, b, 0xDD)));
        };
        V const upper = pairs(halves(r[0], r[1]), halves(r[2], r[3]));
        V const lower = pairs(halves(r[4], r[5]), halves(r[6], r[7]));
        return combine(V(_mm256_blend_ps(upper, lower, 0xF0)), V(_mm256_permute2f128_ps(upper, lower, 0x21)));
    } else
#endif
    {
        transpose(r);
        V v = r[0];
        for (int k = 1; k < N; ++k) v = combine(v, r[k]);
        return v;
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
            return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p + k * stride)),
                                        _mm_loadu_ps(p + (k + 4) * stride), 1);
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

}  // namespace paramorph::inline PARAMORPH_ABI::simd
