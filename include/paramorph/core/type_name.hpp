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

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
// The length of a number with a point and an exponent that a text begins with, or 0.
constexpr std::size_t length_of_number(std::string_view s) {
    if (s.size() < 6 || !is_digit(s[0]) || s[1] != '.') return 0;
    std::size_t n = 2;
    while (n < s.size() && is_digit(s[n])) ++n;
    if (n > 19 || n + 2 >= s.size() || s[n] != 'e') return 0;  // a long double stays as it is printed
    for (n += 2; n < s.size() && is_digit(s[n]);) ++n;
    return n;
}
// A number as compilers print it, 2.9999999999999999e-1 (g++) or 3.000000e-01 (clang, which rounds), in the fewest
// digits that give back a normal number that is printed in full: 0.3. Writes to `to` no more characters than it reads,
// and says how many.
constexpr std::size_t write_shortest(std::string_view printed, bool is_float, char* to) {
    long long all = 0;
    int digits = 0, exponent = 0;
    std::size_t at = 0;
    for (; printed[at] != 'e'; ++at)
        if (is_digit(printed[at])) all = 10 * all + (printed[at] - '0'), ++digits;
    for (std::size_t i = at + 2; i < printed.size(); ++i) exponent = 10 * exponent + (printed[i] - '0');
    if (printed[at + 1] == '-') exponent = -exponent;
    double power = 1;  // of two: all / power lies in [1, 2), so half of the last place is all / power / 2^53
    while (power * 2 <= double(all)) power *= 2;
    double const half = is_float ? power * 0x1p-24 : power * 0x1p-53;
    for (int kept = is_float ? 6 : 15; kept < digits; ++kept) {
        long long unit = 1;
        for (int k = kept; k < digits; ++k) unit *= 10;
        long long const rounded = (all + unit / 2) / unit * unit, off = rounded > all ? rounded - all : all - rounded;
        if (double(off) < half + 0.5) {
            all = rounded;
            break;
        }
    }
    char text[24]{};
    int count = 0;
    for (; all % 10 == 0 && all > 0; all /= 10) --digits;
    for (; all > 0; all /= 10) text[count++] = char('0' + all % 10);
    if (count == 0) count = digits = 1, text[0] = '0';
    exponent += count - digits;  // 9.99 became 10
    std::size_t n = 0;
    bool const plain = exponent >= -3 && exponent <= 3;
    int const before = plain ? (exponent < 0 ? 0 : exponent) : 0;  // digits before the point, less one
    if (plain && exponent < 0) {
        to[n++] = '0', to[n++] = '.';
        for (int k = exponent + 1; k < 0; ++k) to[n++] = '0';
        while (count > 0) to[n++] = text[--count];
        return n;
    }
    for (int k = 0; k <= before || count > 0; ++k) {
        if (k == before + 1) to[n++] = '.';
        to[n++] = count > 0 ? text[--count] : '0';
    }
    if (!plain) {
        int const size = exponent < 0 ? -exponent : exponent;
        to[n++] = 'e', to[n++] = exponent < 0 ? '-' : '+';
        for (int power = size > 99 ? 100 : size > 9 ? 10 : 1; power > 0; power /= 10)
            to[n++] = char('0' + size / power % 10);
    }
    return n;
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
            else if (std::size_t const n = length_of_number(printed.substr(i)); n > 0) {
                bool const is_float = i + n < printed.size() && printed[i + n] == 'f';
                size += write_shortest(printed.substr(i, n), is_float, text + size);
                i += n + is_float;
            } else
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
