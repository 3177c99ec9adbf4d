// AVX and AVX2: registers of 256 bits. All but the lookup are instructions of AVX; in it, xsimd computes on integers by
// halves.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd/unit.hpp"

#if defined(PARAMORPH_XSIMD) && defined(__AVX__)
namespace paramorph::inline PARAMORPH_ABI::simd::arch {

struct avx : unit {
    // 8 words of all ones, then 8 of zeros: reading at 8 - n (4 byte lanes) gives the mask of the first n lanes.
    alignas(64) static constexpr std::int32_t first[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
    template <class V>
    [[gnu::always_inline]] static __m256i first_lanes(int n) {
        return _mm256_loadu_si256(
            reinterpret_cast<__m256i const*>(first + 8 - n * int(sizeof(value_t<V>) / sizeof(std::int32_t))));
    }

    // A mask is a vector; g++ makes two instructions of a selection from zeros.
    template <class V>
    [[gnu::always_inline]] static V where_or_zero(mask_t<V> m, V v) {
        return V(m.data) & v;
    }
    template <class V, class Combine>
    [[gnu::always_inline]] static value_t<V> reduce(V v, Combine const& combine) {
        if constexpr (is_single<V>) {
            V a = combine(v, V(_mm256_permute2f128_ps(v, v, 1)));
            a = combine(a, V(_mm256_permute_ps(a, 0x4E)));
            a = combine(a, V(_mm256_permute_ps(a, 0xB1)));
            return _mm256_cvtss_f32(a);
        } else {
            V a = combine(v, V(_mm256_permute2f128_pd(v, v, 1)));
            a = combine(a, V(_mm256_permute_pd(a, 0x5)));
            return _mm256_cvtsd_f64(a);
        }
    }
    template <class V>
    [[gnu::always_inline]] static V in_register(V v) {
        typename V::register_type r = v;
        asm("" : "+x"(r));
        return V(r);
    }
#ifdef __FMA__
    template <class V>
    [[gnu::always_inline]] static V add_product(V sum, V a, V b) {
        typename V::register_type s = sum;
        if constexpr (is_single<V>)
            asm("vfmadd231ps %2, %1, %0" : "+x"(s) : "x"(a.data), "x"(b.data));
        else
            asm("vfmadd231pd %2, %1, %0" : "+x"(s) : "x"(a.data), "x"(b.data));
        return V(s);
    }
#endif
    template <class V>
    [[gnu::always_inline]] static V load_halves(value_t<V> const* p, value_t<V> const* q) {
        if constexpr (is_single<V>)
            return V(_mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), _mm_loadu_ps(q), 1));
        else
            return V(_mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(p)), _mm_loadu_pd(q), 1));
    }
    template <class V>
    [[gnu::always_inline]] static void store_halves(value_t<V>* p, value_t<V>* q, V v) {
        if constexpr (is_single<V>) {
            _mm_storeu_ps(p, _mm256_castps256_ps128(v));
            _mm_storeu_ps(q, _mm256_extractf128_ps(v, 1));
        } else {
            _mm_storeu_pd(p, _mm256_castpd256_pd128(v));
            _mm_storeu_pd(q, _mm256_extractf128_pd(v, 1));
        }
    }
    template <class V>
    [[gnu::always_inline]] static V load_partial(value_t<V> const* p, int n) {
        if constexpr (is_single<V>)
            return V(_mm256_maskload_ps(p, first_lanes<V>(n)));
        else
            return V(_mm256_maskload_pd(p, first_lanes<V>(n)));
    }
    // One lane that is known to be alone is stored as a number: AMD's processors take tens of operations for a masked
    // store, and what is loaded from it waits.
    template <class V>
    [[gnu::always_inline]] static void store_partial(value_t<V>* p, V v, int n) {
        if (__builtin_constant_p(n) && n == 1) {
            if constexpr (is_single<V>)
                *p = _mm256_cvtss_f32(v);
            else
                *p = _mm256_cvtsd_f64(v);
        } else if constexpr (is_single<V>)
            _mm256_maskstore_ps(p, first_lanes<V>(n), v);
        else
            _mm256_maskstore_pd(p, first_lanes<V>(n), v);
    }
    template <class V>
    [[gnu::always_inline]] static V choose_from(V low, V high, std::ptrdiff_t t) {
        constexpr int n = width<V>;
        auto const* const mask = masks<value_t<V>, n>.high + (n - clamped(t, 0, n));
        return unit::select(mask_t<V>(unit::load<V>(reinterpret_cast<value_t<V> const*>(mask))), high, low);
    }

    // 24 shuffles for 8 x 8, 8 for 4 x 4.
    template <class V, int N>
    [[gnu::always_inline]] static void transpose(V (&r)[N]) {
        if constexpr (is_single<V>) {
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
        } else {
            __m256d const a0 = _mm256_unpacklo_pd(r[0], r[1]), a1 = _mm256_unpackhi_pd(r[0], r[1]);
            __m256d const a2 = _mm256_unpacklo_pd(r[2], r[3]), a3 = _mm256_unpackhi_pd(r[2], r[3]);
            r[0] = _mm256_permute2f128_pd(a0, a2, 0x20), r[1] = _mm256_permute2f128_pd(a1, a3, 0x20);
            r[2] = _mm256_permute2f128_pd(a0, a2, 0x31), r[3] = _mm256_permute2f128_pd(a1, a3, 0x31);
        }
    }
    // 9 shuffles, 5 blends and 7 combinations for 8 x 8. A blend needs no shuffle's port.
    template <class V, int N, class Combine>
    [[gnu::always_inline]] static V combine_rows(V (&r)[N], Combine const& combine) {
        if constexpr (is_single<V>) {
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
            return generic::combine_rows(r, combine);
    }
    template <class V>
    static constexpr int transposed_rows = 4;
    template <class V>
    [[gnu::always_inline]] static void load_transposed(V (&r)[4], value_t<V> const* p, std::ptrdiff_t stride,
                                                       int group) {
        if constexpr (is_single<V>) {
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
        } else
            generic::load_transposed(r, p, stride, group);
    }
};

#if defined(__AVX2__)
struct avx2 : avx {
    template <class V>
    static constexpr bool has_lookup = is_single<V> && unit::fuses<V>;
    // Entries in one register: one shuffle.
    template <class V, class... Entry>
    [[gnu::always_inline]] static integer_t<V> lookup(integer_t<V> index, Entry... entry) {
        return integer_t<V>(_mm256_permutevar8x32_epi32(integer_t<V>{entry...}, index));
    }
    // The bits of positive numbers are in their order; less those of `low`, unsigned, they are at most so many. AVX2
    // compares signed ones. What g++ does not know to be a constant is one instruction each, to read and to compare.
    template <class V, class... More>
    [[gnu::always_inline]] static bool any_outside(value_t<V> low, value_t<V> high, V v, More... more) {
        using T = value_t<V>;
        using word = std::conditional_t<is_single<V>, std::uint32_t, std::uint64_t>;
        word const start = std::bit_cast<word>(low) + (word(1) << (8 * sizeof(T) - 1)),
                   most = std::bit_cast<word>(high) - start;
        typename V::register_type from = V(std::bit_cast<T>(start)), end = V(std::bit_cast<T>(most));
        asm("" : "=x"(from) : "0"(from));
        asm("" : "=x"(end) : "0"(end));
        auto const bits = [](typename V::register_type x) __attribute__((always_inline)) {
            if constexpr (is_single<V>)
                return _mm256_castps_si256(x);
            else
                return _mm256_castpd_si256(x);
        };
        if constexpr (is_single<V>) {
            __m256i most_above = _mm256_sub_epi32(bits(v), bits(from));
            ((most_above = _mm256_max_epi32(most_above, _mm256_sub_epi32(bits(more), bits(from)))), ...);
            __m256 const outside = _mm256_castsi256_ps(_mm256_cmpgt_epi32(most_above, bits(end)));
            return _mm256_testz_ps(outside, outside) == 0;
        } else {
            auto const above = [&](V x) __attribute__((always_inline)) {
                return _mm256_cmpgt_epi64(_mm256_sub_epi64(bits(x), bits(from)), bits(end));
            };
            __m256i all = above(v);
            ((all = _mm256_or_si256(all, above(more))), ...);
            __m256d const outside = _mm256_castsi256_pd(all);
            return _mm256_testz_pd(outside, outside) == 0;
        }
    }
};
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::simd::arch
#endif
