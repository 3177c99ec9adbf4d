// Loops whose index is a constant: what it indexes stays in registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>
#include <utility>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// The calls are the elements of a list: clang takes any number of those, of a fold's operands 256. One function, not
// one that calls another: what is inlined is copied, and optimized, once for each function that it is inlined into.
template <int First, class Indices>
struct unrolled_calls;
template <int First, int... I>
struct unrolled_calls<First, std::integer_sequence<int, I...>> {
    template <class F>
    [[gnu::always_inline]] void operator()(F const& f) const {
        [[maybe_unused]] char const in_order[]{'\0', (f(std::integral_constant<int, First + I>{}), '\0')...};
    }
};

template <int... Bounds>
struct unrolled_over;
template <int Count>
struct unrolled_over<Count> {
    using type = unrolled_calls<0, std::make_integer_sequence<int, Count>>;
};
template <int First, int Last>
struct unrolled_over<First, Last> {
    using type = unrolled_calls<First, std::make_integer_sequence<int, (Last > First ? Last - First : 0)>>;
};

}  // namespace detail

/// unrolled<Count>(f) is f(0), ..., f(Count - 1), and unrolled<First, Last>(f) is f(First), ..., f(Last - 1), all
/// inlined.
template <int... Bounds>
inline constexpr typename detail::unrolled_over<Bounds...>::type unrolled{};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
