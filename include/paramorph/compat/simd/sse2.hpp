// SSE2, and what came before AVX: registers of 128 bits.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd/unit.hpp"

#if defined(PARAMORPH_XSIMD) && defined(__SSE2__)
namespace paramorph::inline PARAMORPH_ABI::simd::arch {

struct sse2 : unit {
    // A mask is a vector; g++ makes two instructions of a selection from zeros.
    template <class V>
    [[gnu::always_inline]] static V where_or_zero(mask_t<V> m, V v) {
        return V(m.data) & v;
    }
    template <class V, class Combine>
    [[gnu::always_inline]] static value_t<V> reduce(V v, Combine const& combine) {
        if constexpr (is_single<V>) {
            V const a = combine(v, V(_mm_shuffle_ps(v, v, 0x4E)));
            return _mm_cvtss_f32(combine(a, V(_mm_shuffle_ps(a, a, 0xB1))));
        } else
            return _mm_cvtsd_f64(combine(v, V(_mm_shuffle_pd(v, v, 1))));
    }
    // 8 shuffles for 4 x 4, 2 for 2 x 2.
    template <class V, int N>
    [[gnu::always_inline]] static void transpose(V (&r)[N]) {
        if constexpr (is_single<V>) {
            __m128 const a0 = _mm_unpacklo_ps(r[0], r[1]), a1 = _mm_unpackhi_ps(r[0], r[1]);
            __m128 const a2 = _mm_unpacklo_ps(r[2], r[3]), a3 = _mm_unpackhi_ps(r[2], r[3]);
            r[0] = _mm_movelh_ps(a0, a2), r[1] = _mm_movehl_ps(a2, a0);
            r[2] = _mm_movelh_ps(a1, a3), r[3] = _mm_movehl_ps(a3, a1);
        } else {
            __m128d const a0 = _mm_unpacklo_pd(r[0], r[1]);
            r[1] = _mm_unpackhi_pd(r[0], r[1]), r[0] = a0;
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::simd::arch
#endif
