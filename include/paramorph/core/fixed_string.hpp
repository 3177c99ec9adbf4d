// A string as template argument: `pm::get<"weight">(layer)`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

namespace paramorph {

template <std::size_t N>
struct fixed_string {
    char text[N]{};

    constexpr fixed_string(char const (&s)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
    }
    constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace paramorph
