// NEON on AArch64: registers of 128 bits.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd/unit.hpp"

#if defined(PARAMORPH_XSIMD) && defined(__aarch64__)
// xsimd 8 divides floats by a reciprocal that it refines, as for a unit without a division: off by ulps, and wrong
// where the reciprocal overflows.
template <>
inline xsimd::batch<float, xsimd::neon64>& xsimd::batch<float, xsimd::neon64>::operator/=(
    xsimd::batch<float, xsimd::neon64> const& other) noexcept {
    return *this = xsimd::batch<float, xsimd::neon64>(vdivq_f32(*this, other));
}

namespace paramorph::inline PARAMORPH_ABI::simd::arch {

struct neon : unit {
    template <class V>
    [[gnu::always_inline]] static V sqrt(V a) {
        if constexpr (is_single<V>)
            return V(vsqrtq_f32(a));  // xsimd 8 iterates, as for a unit without this instruction
        else
            return unit::sqrt(a);
    }
    template <class V, int N>
    [[gnu::always_inline]] static void transpose(V (&r)[N]) {
        if constexpr (is_single<V>) {
            float32x4_t const a0 = vzip1q_f32(r[0], r[2]), a1 = vzip2q_f32(r[0], r[2]);
            float32x4_t const a2 = vzip1q_f32(r[1], r[3]), a3 = vzip2q_f32(r[1], r[3]);
            r[0] = vzip1q_f32(a0, a2), r[1] = vzip2q_f32(a0, a2);
            r[2] = vzip1q_f32(a1, a3), r[3] = vzip2q_f32(a1, a3);
        } else {
            float64x2_t const a0 = vzip1q_f64(r[0], r[1]);
            r[1] = vzip2q_f64(r[0], r[1]), r[0] = a0;
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::simd::arch
#endif
