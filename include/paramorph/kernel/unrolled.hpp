// Loops whose index is a constant: what it indexes stays in registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>
#include <utility>

namespace paramorph::kernel {

/// f(First), ..., f(Last - 1), all inlined; in halves, because clang takes at most 256 operands in a fold.
template <int First, int Last, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
    if constexpr (Last - First <= 128)
        [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
            (f(std::integral_constant<int, First + I>{}), ...);
        }(std::make_integer_sequence<int, (Last > First ? Last - First : 0)>{});
    else {
        unrolled<First, (First + Last) / 2>(f);
        unrolled<(First + Last) / 2, Last>(f);
    }
}

/// f(0), ..., f(Count - 1), all inlined.
template <int Count, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
    unrolled<0, Count>(f);
}

}  // namespace paramorph::kernel
