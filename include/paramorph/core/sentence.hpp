// Sentences that are put together while compiling, so that the first line of an error names what met: extents, sets,
// element types, names of tensors.
//
//     if constexpr (last != In) {
//         using wrong = mistake<sentence("linear: ", In, " inputs expected, ", last, " given")>;
//         using said [[maybe_unused]] = wrong::type;
//     }
//
// There is no such type, which is the error: compilers name the class, and its template argument is the sentence. (They
// take only literals in a static assertion.) It stands where the mistake is found: nothing is instantiated to say it,
// and the line that is shown is short. clang prints at most 32 characters of each text of an argument, so there it is a
// list of lines. A declaration that fails leaves the function whole, which goes on with a value of the right type, so
// that one mistake is one error. In a template the sentence must depend on an argument of it, or the template itself is
// the error.
//
// A function that must not be called is deleted: `= PARAMORPH_REFUSED(text)` for clang 19, which prints the text, and a
// template parameter `detail::sentence Says = text` for g++. The error then stands on the user's own line. Compilers
// make that argument each time they consider the function, before they ask whether its constraints hold: where that is
// often, as of an operator, it is `says<constraint>`, `template <bool Holds> requires Holds inline constexpr sentence
// says = text`, and made where they do (a fifth of the time of compiling with g++, three tenths with clang). Where
// clang would go on with a function that has no body: `PARAMORPH_DIAGNOSED((diagnose_if(true, text, "error"))) int
// f(...) PARAMORPH_GIVES(0)`. Where many other functions have the name, clang lists them all behind a deleted one:
// there it has a body, which names a mistake<Says>.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

#include "paramorph/core/extents.hpp"
#include "paramorph/core/fixed_string.hpp"
#include "paramorph/core/type_name.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct sentence {
    static constexpr std::size_t room = 320;
    char text[room]{};

    constexpr sentence(auto const&... pieces) {
        [[maybe_unused]] std::size_t n = 0;
        (add(n, pieces), ...);
    }
    constexpr std::string_view view() const { return text; }
    constexpr void append(auto const&... pieces) {
        std::size_t n = view().size();
        (add(n, pieces), ...);
    }

  private:
    constexpr void add(std::size_t& n, std::string_view s) {
        for (char const c : s)
            if (n + 4 < room)
                text[n++] = c;
            else
                text[room - 4] = text[room - 3] = text[room - 2] = '.';  // too long: it ends in dots
    }
    constexpr void add(std::size_t& n, std::integral auto x) {
        char digits[24]{};
        int k = 24;
        auto rest = x < 0 ? 0ULL - static_cast<unsigned long long>(x) : static_cast<unsigned long long>(x);
        do digits[--k] = static_cast<char>('0' + rest % 10);
        while (rest /= 10);
        if (x < 0) digits[--k] = '-';
        add(n, std::string_view(digits + k, static_cast<std::size_t>(24 - k)));
    }
    // As %g prints it: six digits.
    constexpr void add(std::size_t& n, std::floating_point auto x) {
        if (x != x) return add(n, "NaN");
        if (x < 0) add(n, "-");
        double y = x < 0 ? -double(x) : double(x);
        if (y > std::numeric_limits<double>::max()) return add(n, "infinity");
        int exponent = 0;
        for (; y >= 10; ++exponent) y /= 10;
        for (; y != 0 && y < 1; --exponent) y *= 10;
        long long digits = static_cast<long long>(y * 100000 + 0.5);
        if (digits == 1000000) digits = 100000, ++exponent;
        bool const scientific = exponent < -4 || exponent > 5;
        int const shift = scientific ? 0 : exponent;
        int point = 5 - shift;  // digits behind the point
        while (point > 0 && digits % 10 == 0) digits /= 10, --point;
        char text[24]{};
        int k = 24;
        for (int at = 0; at <= point || digits > 0; ++at, digits /= 10) {
            if (at == point && at > 0) text[--k] = '.';
            text[--k] = static_cast<char>('0' + digits % 10);
        }
        add(n, std::string_view(text + k, static_cast<std::size_t>(24 - k)));
        if (scientific) add(n, "e"), add(n, exponent);
    }
    constexpr void add(std::size_t& n, extents const& s) {
        add(n, "[");
        for (int k = 0; k < s.rank; ++k) {
            if (k > 0) add(n, ", ");
            add(n, s.d[k]);
        }
        add(n, "]");
    }
};

// "1 tensor", "3 tensors"; nothing for a number below zero.
constexpr sentence counted(long long n, std::string_view what) {
    return n < 0 ? sentence() : sentence(n, what, n == 1 ? "" : "s");
}

// "1, 2".
constexpr sentence listed(auto const&... pieces) {
    sentence all;
    ((all.view().empty() ? all.append(pieces) : all.append(", ", pieces)), ...);
    return all;
}

// The sentence as a string of its own length, for what says it at run time.
template <sentence Says>
inline constexpr auto text_of = [] {
    constexpr std::size_t length = Says.view().size() + 1;
    char text[length]{};
    for (std::size_t i = 0; i + 1 < length; ++i) text[i] = Says.text[i];
    return fixed_string<length>(text);
}();

#ifdef __clang__
struct sentence_line {
    char text[33]{};
};
template <std::size_t Count>
struct sentence_lines {
    sentence_line lines[Count];
};
// Where the line that begins at `begin` ends: at a space, after at most 32 characters.
constexpr std::size_t line_end(std::string_view s, std::size_t begin) {
    if (s.size() - begin <= 32) return s.size();
    std::size_t const space = s.substr(begin, 32).rfind(' ');
    return begin + (space == std::string_view::npos ? 32 : space + 1);
}
template <sentence Says, std::size_t Begin = 0, class... Lines>
constexpr auto lines_of(Lines... before) {
    if constexpr (Begin == Says.view().size())
        return sentence_lines<sizeof...(Lines)>{{before...}};
    else {
        constexpr std::size_t end = line_end(Says.view(), Begin);
        return [&]<std::size_t... I>(std::index_sequence<I...>) {  // no more characters than are printed
            return lines_of<Says, end>(before..., sentence_line{{Says.text[Begin + I]..., '\0'}});
        }(std::make_index_sequence<end - Begin>{});
    }
}
template <sentence_lines Says>
struct mistake_in_lines {};
template <sentence Says>
using mistake = mistake_in_lines<lines_of<Says>()>;
#else
template <sentence Says>
struct mistake {};
#endif

template <sentence Says>
constexpr void refuse() {
    using wrong = mistake<Says>;
    using said [[maybe_unused]] = wrong::type;
}

// True; says so where it does not hold, or where a number is not positive. For the static_assert of a class: one that
// failed itself would be no class any more to clang, and no member of another.
template <bool Holds, fixed_string Says>
constexpr bool holds() {
    if constexpr (!Holds) {
        using wrong = mistake<sentence(Says.view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return true;
}
template <fixed_string Says, int... N>
constexpr bool are_positive() {
    if constexpr (!((N > 0) && ...)) {
        using wrong = mistake<sentence(Says.view(), "; given are ", listed(N...).view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return true;
}

#if defined(__clang__) && __clang_major__ >= 19
#define PARAMORPH_REFUSED(text)      \
    _Pragma("clang diagnostic push") \
        _Pragma("clang diagnostic ignored \"-Wc++26-extensions\"") delete (text)_Pragma("clang diagnostic pop")
#else
#define PARAMORPH_REFUSED(text) delete
#endif
#ifdef __clang__
// The attribute is written where it is used: clang adds three lines for each macro that its text comes from.
#define PARAMORPH_DIAGNOSED \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wgcc-compat\"") __attribute__
#define PARAMORPH_GIVES(value) \
    {                          \
        return value;          \
    }                          \
    _Pragma("clang diagnostic pop")
#else
#define PARAMORPH_DIAGNOSED(...)
#define PARAMORPH_GIVES(value) = delete;
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::detail
