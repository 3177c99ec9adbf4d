// A string as template argument: `pm::get<"weight">(layer)`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <std::size_t N>
struct fixed_string {
    char text[N]{};

    constexpr fixed_string(char const (&s)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
    }
    constexpr std::string_view view() const { return {text, N - 1}; }
    // Where the first dot is, or the length. By index: g++'s undefined-behaviour sanitizer takes no comparison of a
    // pointer into a template argument for a constant, as string_view::find makes one.
    constexpr std::size_t first_dot() const {
        std::size_t i = 0;
        while (i < N - 1 && text[i] != '.') ++i;
        return i;
    }
};

// `Path.Name`, or Name alone where the path is empty.
template <fixed_string Path, fixed_string Name>
constexpr auto dotted() {
    if constexpr (Path.view().empty())
        return Name;
    else {
        constexpr std::size_t length = Path.view().size() + Name.view().size() + 2;
        char text[length]{};
        std::size_t n = 0;
        for (char c : Path.view()) text[n++] = c;
        text[n++] = '.';
        for (char c : Name.view()) text[n++] = c;
        return fixed_string<length>(text);
    }
}

// What stands before the first dot of a path, and behind it.
template <fixed_string Path>
constexpr auto first_of_path() {
    constexpr std::size_t length = Path.first_dot();
    char text[length + 1]{};
    for (std::size_t i = 0; i < length; ++i) text[i] = Path.text[i];
    return fixed_string<length + 1>(text);
}
template <fixed_string Path>
constexpr auto rest_of_path() {
    constexpr std::size_t end = Path.first_dot();
    if constexpr (end == Path.view().size())
        return fixed_string<1>("");
    else {
        constexpr std::size_t length = Path.view().size() - end - 1;
        char text[length + 1]{};
        for (std::size_t i = 0; i < length; ++i) text[i] = Path.text[end + 1 + i];
        return fixed_string<length + 1>(text);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
