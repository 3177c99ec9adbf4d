// Loops whose index is a constant: what it indexes stays in registers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
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
        if constexpr (requires { &F::operator(); }) [[maybe_unused]]
            char const in_order[]{'\0', (f(First + I), '\0')...};
        else [[maybe_unused]]
            char const in_order[]{'\0', (f(std::integral_constant<int, First + I>{}), '\0')...};
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

// unrolled<Count>(f) is f(0), ..., f(Count - 1), and unrolled<First, Last>(f) is f(First), ..., f(Last - 1), all
// inlined. The index is a constant of its type where f takes it as `auto`. A function that takes an `int` is compiled
// once and copied, which takes less time: f does so where no type and no `if constexpr` in it depends on the index.
template <int... Bounds>
inline constexpr typename detail::unrolled_over<Bounds...>::type unrolled{};

// unrolled_where<Which, Count>{}(f) calls f(i) for those i below Count of which Which::holds(i) is true. Nothing is
// compiled for the others.
template <class Which, int Count>
class unrolled_where {
    static constexpr int count = [] {
        int n = 0;
        for (int i = 0; i < Count; ++i) n += Which::holds(i) ? 1 : 0;
        return n;
    }();
    static constexpr int at(int k) {
        int i = 0;
        while (!Which::holds(i) || k-- > 0) ++i;
        return i;
    }

  public:
    template <class F>
    [[gnu::always_inline]] void operator()([[maybe_unused]] F const& f) const {
        if constexpr (count == 1)
            f(std::integral_constant<int, at(0)>{});
        else
            [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
                (f(std::integral_constant<int, at(K)>{}), ...);
            }(std::make_integer_sequence<int, count>{});
    }
};

// Every one of some registers is x.
template <class V, std::size_t Count>
[[gnu::always_inline]] inline void set_all(V (&registers)[Count], V x) noexcept {
    [&]<std::size_t... I>(std::index_sequence<I...>)
        __attribute__((always_inline)) { ((registers[I] = x), ...); }(std::make_index_sequence<Count>{});
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
