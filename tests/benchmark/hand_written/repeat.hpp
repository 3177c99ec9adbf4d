// Loops that are unrolled where they stand: g++ keeps an array of vectors in memory when its loop is unrolled late.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>
#include <utility>

namespace benchmark::hand_written {

// f(0), ..., f(Count - 1); each argument is a constant.
template <int Count, class F>
[[gnu::always_inline]] inline void repeat(F f) {
    [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
        (f(std::integral_constant<int, K>{}), ...);
    }(std::make_integer_sequence<int, Count>{});
}

}  // namespace benchmark::hand_written
