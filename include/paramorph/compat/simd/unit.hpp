// Any vector unit that xsimd knows: arithmetic by xsimd, whose versions 8 to 14 differ; what it lacks as in `generic`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd/generic.hpp"

#if defined(PARAMORPH_XSIMD)
namespace paramorph::inline PARAMORPH_ABI::simd::arch {

struct unit : generic {
    template <class V>
    static constexpr bool has_lookup = false;
#if defined(__FMA__)
    template <class V>
    static constexpr bool fuses = true;
#else
    // That of the oldest xsimd rounds twice on NEON.
    template <class V>
    static constexpr bool fuses = false;
#endif

    template <class To, class V>
    [[gnu::always_inline]] static constexpr To bit_cast(V v) {
        return To(std::bit_cast<typename To::register_type>(static_cast<typename V::register_type>(v)));
    }
    template <int Count, class I>
    [[gnu::always_inline]] static I shift_right(I v) {
        using U = typename detail::traits<I>::unsigned_integer;
        return unit::bit_cast<I>(unit::bit_cast<U>(v) >> Count);
    }
    template <class V>
    [[gnu::always_inline]] static V fma(V a, V b, V c) {
        return xsimd::fma(a, b, c);
    }
    template <class V>
    [[gnu::always_inline]] static V fms(V a, V b, V c) {
        return xsimd::fms(a, b, c);
    }
    template <class V>
    [[gnu::always_inline]] static V fnma(V a, V b, V c) {
        return xsimd::fnma(a, b, c);
    }
    template <class V>
    [[gnu::always_inline]] static V min(V a, V b) {
        return xsimd::min(a, b);
    }
    template <class V>
    [[gnu::always_inline]] static V max(V a, V b) {
        return xsimd::max(a, b);
    }
    template <class V>
    [[gnu::always_inline]] static V abs(V a) {
        return xsimd::abs(a);
    }
    template <class V>
    [[gnu::always_inline]] static V sqrt(V a) {
        return xsimd::sqrt(a);
    }
    template <class V>
    [[gnu::always_inline]] static V where_or_zero(mask_t<V> m, V v) {
        return xsimd::select(m, v, V(0));
    }
    template <class V>
    [[gnu::always_inline]] static V select(mask_t<V> m, V a, V b) {
        return xsimd::select(m, a, b);
    }
    template <class V>
    [[gnu::always_inline]] static bool any(mask_t<V> m) {
        return xsimd::any(m);
    }
    template <class V>
    [[gnu::always_inline]] static V load(value_t<V> const* p) {
        return V::load_unaligned(p);
    }
    template <class V>
    [[gnu::always_inline]] static void store(value_t<V>* p, V v) {
        v.store_unaligned(p);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::simd::arch
#endif
