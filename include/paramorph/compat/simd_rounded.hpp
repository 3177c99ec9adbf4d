// rounded(x): x, as a number that is rounded before it is used. Compilers contract a product and a sum into one
// multiply-add where both stand in one function, which depends on what else stands there; what has to be the same
// number in every program goes through here.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>

#include "paramorph/compat/simd.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

template <class V>
[[gnu::always_inline]] inline constexpr V rounded(V x) {
    if (std::is_constant_evaluated()) return x;
#if defined(__SSE2__)
#define PARAMORPH_REGISTER "+x"
#elif defined(__aarch64__)
#define PARAMORPH_REGISTER "+w"
#elif defined(__ARM_FP)
    if constexpr (std::is_same_v<V, float>) {
        asm("" : "+t"(x));
        return x;
    }
#endif
#ifdef PARAMORPH_REGISTER
    if constexpr (std::is_floating_point_v<V>)
        asm("" : PARAMORPH_REGISTER(x));
    else if constexpr (requires { x.data; })
        asm("" : PARAMORPH_REGISTER(x.data));
    else
        asm("" : "+m"(x));
#undef PARAMORPH_REGISTER
#else
    asm("" : "+m"(x));
#endif
    return x;
}

}  // namespace paramorph::inline PARAMORPH_ABI::simd
