// Loops whose index is a constant: what it indexes stays in registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>
#include <utility>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

/// The calls are the elements of a list: clang takes any number of those, of a fold's operands 256. In halves they
/// would be copied from half to half, each time they are inlined.
template <int First, class F, int... I>
[[gnu::always_inline]] inline void unrolled_over(F const& f, std::integer_sequence<int, I...>) {
    [[maybe_unused]] char const in_order[]{'\0', (f(std::integral_constant<int, First + I>{}), '\0')...};
}

}  // namespace detail

/// f(First), ..., f(Last - 1), all inlined.
template <int First, int Last, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
    detail::unrolled_over<First>(f, std::make_integer_sequence<int, (Last > First ? Last - First : 0)>{});
}

/// f(0), ..., f(Count - 1), all inlined.
template <int Count, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
    detail::unrolled_over<0>(f, std::make_integer_sequence<int, Count>{});
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
