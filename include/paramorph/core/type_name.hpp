// The name of a type as a program spells it: as the compiler prints it, without the library's inline namespace.
//
//     type_name<T>()         paramorph::param::orthogonal<paramorph::cayley>
//     short_type_name<T>()   the same without the namespaces before its name: orthogonal<paramorph::cayley>
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

#define PARAMORPH_TEXT_EXPANDED(name) #name
#define PARAMORPH_TEXT(name) PARAMORPH_TEXT_EXPANDED(name)
inline constexpr std::string_view inline_namespace = PARAMORPH_TEXT(PARAMORPH_ABI) "::";
#undef PARAMORPH_TEXT
#undef PARAMORPH_TEXT_EXPANDED

template <class Type>
constexpr std::string_view printed_type_name() {
    std::string_view const all = __PRETTY_FUNCTION__;  // ...[with Type = name; ...] or ...[Type = name]
    std::size_t const begin = all.find("Type = ") + 7;
    std::size_t end = begin;
    for (int open = 0; end < all.size() && all[end] != ';' && (open > 0 || all[end] != ']'); ++end)
        open += (all[end] == '[') - (all[end] == ']');  // of an array
    return all.substr(begin, end - begin);
}

template <class Type>
struct type_name_text {
    static constexpr std::string_view printed = printed_type_name<Type>();
    char text[printed.size() + 1]{};
    std::size_t size = 0;

    constexpr type_name_text() {
        for (std::size_t i = 0; i < printed.size();)
            if (printed.substr(i, inline_namespace.size()) == inline_namespace)
                i += inline_namespace.size();
            else
                text[size++] = printed[i++];
    }
};
template <class Type>
inline constexpr type_name_text<Type> type_name_of{};

template <class Type>
constexpr std::string_view type_name() {
    return {type_name_of<Type>.text, type_name_of<Type>.size};
}

template <class Type>
constexpr std::string_view short_type_name() {
    std::string_view const all = type_name<Type>();
    std::size_t const colons = all.substr(0, all.find('<')).rfind("::");
    return colons == std::string_view::npos ? all : all.substr(colons + 2);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
