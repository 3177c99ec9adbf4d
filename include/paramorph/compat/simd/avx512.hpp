// AVX-512 F: registers of 512 bits, and masks in registers of their own: partial loads and stores, and selections, are
// one instruction.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd/unit.hpp"

#if defined(PARAMORPH_XSIMD) && defined(__AVX512F__)
namespace paramorph::inline PARAMORPH_ABI::simd::arch {

struct avx512 : unit {
    template <class V>
    using lane_mask = std::conditional_t<is_single<V>, __mmask16, __mmask8>;
    template <class V>
    [[gnu::always_inline]] static lane_mask<V> first_lanes(int n) {
        return static_cast<lane_mask<V>>((1u << n) - 1u);
    }
    template <class V>
    [[gnu::always_inline]] static lane_mask<V> lanes_from(std::ptrdiff_t t) {
        return static_cast<lane_mask<V>>(~0u << clamped(t, 0, width<V>));
    }
    template <class V>
    [[gnu::always_inline]] static V keep_lanes(lane_mask<V> m, V v) {
        if constexpr (is_single<V>)
            return V(_mm512_maskz_mov_ps(m, v));
        else
            return V(_mm512_maskz_mov_pd(m, v));
    }
    template <class V>
    [[gnu::always_inline]] static V blend(lane_mask<V> m, V low, V high) {
        if constexpr (is_single<V>)
            return V(_mm512_mask_blend_ps(m, low, high));
        else
            return V(_mm512_mask_blend_pd(m, low, high));
    }

    template <class V>
    static constexpr bool has_lookup = is_single<V>;
    template <class V>
    static constexpr bool fuses = true;

    // The oldest xsimd multiplies and adds.
    template <class V>
    [[gnu::always_inline]] static V fma(V a, V b, V c) {
        if constexpr (is_single<V>)
            return V(_mm512_fmadd_ps(a, b, c));
        else
            return V(_mm512_fmadd_pd(a, b, c));
    }
    template <class V>
    [[gnu::always_inline]] static V fms(V a, V b, V c) {
        if constexpr (is_single<V>)
            return V(_mm512_fmsub_ps(a, b, c));
        else
            return V(_mm512_fmsub_pd(a, b, c));
    }
    template <class V>
    [[gnu::always_inline]] static V fnma(V a, V b, V c) {
        if constexpr (is_single<V>)
            return V(_mm512_fnmadd_ps(a, b, c));
        else
            return V(_mm512_fnmadd_pd(a, b, c));
    }
    template <class V>
    [[gnu::always_inline]] static V where_or_zero(mask_t<V> m, V v) {
        return keep_lanes<V>(static_cast<lane_mask<V>>(m.data), v);
    }
    template <class V, class Combine>
    [[gnu::always_inline]] static value_t<V> reduce(V v, Combine const& combine) {
        if constexpr (is_single<V>) {
            V a = combine(v, V(_mm512_shuffle_f32x4(v, v, 0x4E)));
            a = combine(a, V(_mm512_shuffle_f32x4(a, a, 0xB1)));
            a = combine(a, V(_mm512_permute_ps(a, 0x4E)));
            a = combine(a, V(_mm512_permute_ps(a, 0xB1)));
            return _mm_cvtss_f32(_mm512_castps512_ps128(a));
        } else {
            V a = combine(v, V(_mm512_shuffle_f64x2(v, v, 0x4E)));
            a = combine(a, V(_mm512_shuffle_f64x2(a, a, 0xB1)));
            a = combine(a, V(_mm512_permute_pd(a, 0x55)));
            return _mm_cvtsd_f64(_mm512_castpd512_pd128(a));
        }
    }
    // The table twice in one register: one shuffle.
    template <class V, class... Entry>
    [[gnu::always_inline]] static integer_t<V> lookup(integer_t<V> index, Entry... entry) {
        return integer_t<V>(_mm512_permutexvar_epi32(index, _mm512_broadcast_i64x4(_mm256_setr_epi32(entry...))));
    }
    template <class V>
    [[gnu::always_inline]] static V in_register(V v) {
        typename V::register_type r = v;
        asm("" : "+v"(r));
        return V(r);
    }
    template <class V>
    [[gnu::always_inline]] static V load_halves(value_t<V> const* p, value_t<V> const* q) {
        if constexpr (is_single<V>) {
            __m512d const first = _mm512_castps_pd(_mm512_castps256_ps512(_mm256_loadu_ps(p)));
            return V(_mm512_castpd_ps(_mm512_insertf64x4(first, _mm256_castps_pd(_mm256_loadu_ps(q)), 1)));
        } else
            return V(_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(p)), _mm256_loadu_pd(q), 1));
    }
    template <class V>
    [[gnu::always_inline]] static void store_halves(value_t<V>* p, value_t<V>* q, V v) {
        if constexpr (is_single<V>) {
            _mm256_storeu_ps(p, _mm512_castps512_ps256(v));
            _mm256_storeu_ps(q, _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1)));
        } else {
            _mm256_storeu_pd(p, _mm512_castpd512_pd256(v));
            _mm256_storeu_pd(q, _mm512_extractf64x4_pd(v, 1));
        }
    }
    template <class V>
    [[gnu::always_inline]] static V load_partial(value_t<V> const* p, int n) {
        if constexpr (is_single<V>)
            return V(_mm512_maskz_loadu_ps(first_lanes<V>(n), p));
        else
            return V(_mm512_maskz_loadu_pd(first_lanes<V>(n), p));
    }
    template <class V>
    [[gnu::always_inline]] static void store_partial(value_t<V>* p, V v, int n) {
        if constexpr (is_single<V>)
            _mm512_mask_storeu_ps(p, first_lanes<V>(n), v);
        else
            _mm512_mask_storeu_pd(p, first_lanes<V>(n), v);
    }

    template <class V>
    [[gnu::always_inline]] static V keep_from(V v, std::ptrdiff_t t) {
        return keep_lanes<V>(lanes_from<V>(t), v);
    }
    template <class V>
    [[gnu::always_inline]] static V keep_before(V v, std::ptrdiff_t t) {
        return keep_lanes<V>(static_cast<lane_mask<V>>(~lanes_from<V>(t)), v);
    }
    template <class V>
    [[gnu::always_inline]] static V choose_from(V low, V high, std::ptrdiff_t t) {
        return blend<V>(lanes_from<V>(t), low, high);
    }
    template <class V>
    [[gnu::always_inline]] static V keep_only(V v, std::ptrdiff_t t) {
        return keep_lanes<V>(static_cast<lane_mask<V>>((1u << (clamped(t, -1, width<V>) + 1)) >> 1), v);
    }

    // Squares of 128-bit lanes: lane i of r[k] becomes lane k of r[i]. 8 shuffles.
    template <class V>
    [[gnu::always_inline]] static void transpose_quarters(V& a, V& b, V& c, V& d) {
        __m512 const x = cast(a), y = cast(b), z = cast(c), w = cast(d);
        __m512 const low_ab = _mm512_shuffle_f32x4(x, y, 0x44), high_ab = _mm512_shuffle_f32x4(x, y, 0xEE);
        __m512 const low_cd = _mm512_shuffle_f32x4(z, w, 0x44), high_cd = _mm512_shuffle_f32x4(z, w, 0xEE);
        a = back<V>(_mm512_shuffle_f32x4(low_ab, low_cd, 0x88)),
        b = back<V>(_mm512_shuffle_f32x4(low_ab, low_cd, 0xDD));
        c = back<V>(_mm512_shuffle_f32x4(high_ab, high_cd, 0x88));
        d = back<V>(_mm512_shuffle_f32x4(high_ab, high_cd, 0xDD));
    }
    // 64 shuffles for 16 x 16, 24 for 8 x 8.
    template <class V, int N>
    [[gnu::always_inline]] static void transpose(V (&r)[N]) {
        if constexpr (is_single<V>) {
            // First within the lanes of 128 bits: r[4 k + j] holds column j of each of them, for the rows from 4 k on.
            for_each<4>([&](auto k) __attribute__((always_inline)) {
                quarter(&r[4 * k], r[4 * k], r[4 * k + 1], r[4 * k + 2], r[4 * k + 3]);
            });
            for_each<4>([&](auto j) __attribute__((always_inline)) {
                transpose_quarters(r[j], r[4 + j], r[8 + j], r[12 + j]);
            });
            // r[4 k + j] is now column 4 k + j.
        } else {
            for_each<4>([&](auto k) __attribute__((always_inline)) {
                V const a = r[2 * k], b = r[2 * k + 1];
                r[2 * k] = _mm512_unpacklo_pd(a, b), r[2 * k + 1] = _mm512_unpackhi_pd(a, b);
            });
            for_each<2>([&](auto j)
                            __attribute__((always_inline)) { transpose_quarters(r[j], r[2 + j], r[4 + j], r[6 + j]); });
        }
    }
    // 18 shuffles, 11 blends and 15 combinations for 16 x 16; 12, 2 and 7 for 8 x 8. A blend needs no shuffle's port.
    template <class V, int N, class Combine>
    [[gnu::always_inline]] static V combine_rows(V (&r)[N], Combine const& combine) {
        V quarters[4];  // of each, a lane of 128 bits holds as many rows as fit, combined in part
        if constexpr (is_single<V>) {
            auto const halves = [&](V a, V b) __attribute__((always_inline)) {
                return combine(blend<V>(0xCCCC, a, b), V(_mm512_shuffle_ps(a, b, 0x4E)));
            };
            auto const pairs = [&](V a, V b) __attribute__((always_inline)) {
                return combine(V(_mm512_shuffle_ps(a, b, 0x88)), V(_mm512_shuffle_ps(a, b, 0xDD)));
            };
            for_each<4>([&](auto k) __attribute__((always_inline)) {
                quarters[k] = pairs(halves(r[4 * k], r[4 * k + 1]), halves(r[4 * k + 2], r[4 * k + 3]));
            });
        } else {
            for_each<4>([&](auto k) __attribute__((always_inline)) {
                V const a = r[2 * k], b = r[2 * k + 1];
                quarters[k] = combine(V(_mm512_unpacklo_pd(a, b)), V(_mm512_unpackhi_pd(a, b)));
            });
        }
        auto const shuffled = [](V a, V b, auto order) __attribute__((always_inline)) {
            return back<V>(_mm512_shuffle_f32x4(cast(a), cast(b), decltype(order)::value));
        };
        constexpr auto upper = static_cast<lane_mask<V>>(0xFFFFu << width<V> / 2);
        using swapped = std::integral_constant<int, 0x4E>;
        using even = std::integral_constant<int, 0x88>;
        using odd = std::integral_constant<int, 0xDD>;
        V const x = combine(blend<V>(upper, quarters[0], quarters[1]), shuffled(quarters[0], quarters[1], swapped{}));
        V const y = combine(blend<V>(upper, quarters[2], quarters[3]), shuffled(quarters[2], quarters[3], swapped{}));
        return combine(shuffled(x, y, even{}), shuffled(x, y, odd{}));
    }
    template <class V>
    static constexpr int transposed_rows = is_single<V> ? 8 : 4;
    // A group of half a register's columns: 16 loads of half a row, 8 of which fill a register's other half, and 24
    // shuffles; 8, 4 and 8 for four columns of double.
    template <class V, int N>
    [[gnu::always_inline]] static void load_transposed(V (&r)[N], value_t<V> const* p, std::ptrdiff_t stride,
                                                       int group) {
        static_assert(N == transposed_rows<V>);
        p += group * N;
        constexpr int lane = is_single<V> ? 4 : 2;  // elements in 128 bits, and rows of a square of them
        auto const rows = [&](int k) __attribute__((always_inline)) {
            auto const half = [&](int row) __attribute__((always_inline)) {
                return _mm256_loadu_pd(reinterpret_cast<double const*>(p + row * stride));
            };
            return back<V>(_mm512_castpd_ps(_mm512_insertf64x4(_mm512_castpd256_pd512(half(k)), half(k + lane), 1)));
        };
        // Columns j of the two squares that half a row holds, of the rows from 0 and from half the width on.
        V low[lane], high[lane];
        if constexpr (is_single<V>) {
            quarter(low, rows(0), rows(1), rows(2), rows(3));
            quarter(high, rows(8), rows(9), rows(10), rows(11));
        } else {
            V const a = rows(0), b = rows(1), c = rows(4), d = rows(5);
            low[0] = _mm512_unpacklo_pd(a, b), low[1] = _mm512_unpackhi_pd(a, b);
            high[0] = _mm512_unpacklo_pd(c, d), high[1] = _mm512_unpackhi_pd(c, d);
        }
        for_each<lane>([&](auto j) __attribute__((always_inline)) {
            r[j] = back<V>(_mm512_shuffle_f32x4(cast(low[j]), cast(high[j]), 0x88));
            r[lane + j] = back<V>(_mm512_shuffle_f32x4(cast(low[j]), cast(high[j]), 0xDD));
        });
    }

  private:
    template <int Count, class F>
    [[gnu::always_inline]] static void for_each(F const& f) {
        [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
            (f(std::integral_constant<int, I>{}), ...);
        }(std::make_integer_sequence<int, Count>{});
    }
    template <class V>
    [[gnu::always_inline]] static __m512 cast(V v) {
        if constexpr (is_single<V>)
            return v;
        else
            return _mm512_castpd_ps(v);
    }
    template <class V>
    [[gnu::always_inline]] static V back(__m512 v) {
        if constexpr (is_single<V>)
            return V(v);
        else
            return V(_mm512_castps_pd(v));
    }
    // Columns of a square of floats in each lane of 128 bits. 8 shuffles.
    template <class V>
    [[gnu::always_inline]] static void quarter(V* r, V a, V b, V c, V d) {
        __m512 const ab = _mm512_unpacklo_ps(a, b), cd = _mm512_unpacklo_ps(c, d);
        __m512 const high_ab = _mm512_unpackhi_ps(a, b), high_cd = _mm512_unpackhi_ps(c, d);
        r[0] = _mm512_shuffle_ps(ab, cd, 0x44), r[1] = _mm512_shuffle_ps(ab, cd, 0xEE);
        r[2] = _mm512_shuffle_ps(high_ab, high_cd, 0x44), r[3] = _mm512_shuffle_ps(high_ab, high_cd, 0xEE);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::simd::arch
#endif
