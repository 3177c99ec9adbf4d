// How a type is spelled in a header that is written for another compiler: from its mangled name (Itanium C++ ABI,
// chapter 5), which says exactly what a type is and is the same for g++ and clang, where the names that they print
// are cut and leave out namespaces.
//
//     spelling_of<M>()    ::gated, paramorph::nn::linear<4, 4, paramorph::weight<paramorph::param::scale<0x1p-3f>>>
//
// The library's inline namespace is left out, so that the type may be that of another umbrella. Numbers are exact.
// Errors, as pm::error: the type, or one in it, is in a function or in an unnamed namespace, is a lambda or has no
// name; an argument of a template is an object of a class (a fixed_string is spelled) or an address; no run-time type
// information (-fno-rtti).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/error.hpp"
#include "paramorph/core/type_name.hpp"

#ifndef PARAMORPH_EMBED

#include <bit>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace paramorph::inline PARAMORPH_ABI::detail {

// A number as C++ reads it, bit for bit, whatever the locale.
template <class T>
std::string spelled_number(T x) {
    char digits[48];
    char* const end = std::to_chars(digits, digits + sizeof digits, x, std::chars_format::hex).ptr;
    std::string text(digits, end);
    text.insert(text[0] == '-' ? 1 : 0, "0x");
    return sizeof(T) == 4 ? text + "f" : text;
}

// A walk over a mangled name. (A template, so that it is compiled where it is used.)
template <class = void>
class type_speller {
    std::string_view name_;
    std::vector<std::string> seen_{};  // what S_, S0_, S1_ ... stand for

    [[noreturn]] static void refuse(std::string const& why) {
        throw error("write_header: the network's type cannot be spelled in a header: " + why +
                    "; declare it in a namespace that has a name, in a header, or pass how it is spelled as .type");
    }
    [[noreturn]] void refuse_rest() const { refuse("it is made of more than classes, enumerations and numbers"); }

    char next() const { return name_.empty() ? '\0' : name_[0]; }
    bool take(std::string_view s) {
        if (!name_.starts_with(s)) return false;
        name_.remove_prefix(s.size());
        return true;
    }
    static bool digit(char c) { return c >= '0' && c <= '9'; }
    int number() {
        int n = 0;
        for (; digit(next()); name_.remove_prefix(1)) n = 10 * n + (name_[0] - '0');
        return n;
    }
    std::string remember(std::string s) {
        seen_.push_back(s);
        return s;
    }

    // A name behind its scope, which is empty for the global one.
    std::string in_scope(std::string const& scope) {
        if (next() == 'U' || name_.starts_with("3$_")) refuse("a lambda, or a type without a name, is in it");
        if (!digit(next())) refuse_rest();
        std::size_t const length = static_cast<std::size_t>(number());
        std::string const name(name_.substr(0, length));
        name_.remove_prefix(length);
        if (name.starts_with("_GLOBAL__N")) refuse("a type in an unnamed namespace is in it");
        while (take("B")) name_.remove_prefix(static_cast<std::size_t>(number()));  // tags
        if (scope == "paramorph" && name + "::" == inline_namespace) return scope;
        if (scope == "std" && (name == "__cxx11" || name == "__1")) return scope;
        if (scope.empty()) return name == "paramorph" || name == "std" ? name : "::" + name;
        return scope + "::" + name;
    }
    std::string substitution() {  // behind S
        std::size_t k = 0;
        if (next() != '_') {
            for (; next() != '_'; name_.remove_prefix(1)) {
                if (!digit(next()) && !(next() >= 'A' && next() <= 'Z')) refuse_rest();
                k = 36 * k + static_cast<std::size_t>(digit(next()) ? next() - '0' : next() - 'A' + 10);
            }
            ++k;
        }
        name_.remove_prefix(1);
        if (k >= seen_.size()) refuse_rest();
        return seen_[k];
    }
    std::string standard() {  // one of the standard library's short forms, or nothing
        static constexpr char const* forms[][2]{{"Sa", "std::allocator"}, {"Sb", "std::basic_string"},
                                                {"Ss", "std::string"},    {"Si", "std::istream"},
                                                {"So", "std::ostream"},   {"Sd", "std::iostream"}};
        for (auto const& [form, spelled] : forms)
            if (take(form)) return spelled;
        return {};
    }
    std::string nested() {  // behind N
        std::string scope;
        while (!take("E")) {
            if (take("St"))
                scope = "std";
            else if (std::string const s = standard(); !s.empty())
                scope = s;
            else if (take("S"))
                scope = substitution();
            else if (take("I"))
                scope = remember(scope + arguments());
            else
                scope = remember(in_scope(scope));
        }
        return scope;
    }
    std::string arguments() {  // behind I
        std::string text = "<";
        list(text);
        return text + ">";
    }
    void list(std::string& text) {
        while (!take("E")) {
            if (take("J")) {
                list(text);
                continue;
            }
            if (text.back() != '<') text += ", ";
            text += take("L") ? literal() : take("X") ? object() : type();
        }
    }
    std::string literal() {  // behind L
        if (name_.starts_with("_Z")) refuse("an argument of a template is an address");
        std::string const of = type();
        std::size_t const end = name_.find('E');
        std::string value(name_.substr(0, end));
        name_.remove_prefix(end + 1);
        if (of == "decltype(nullptr)") return "nullptr";
        if (of == "bool") return value == "1" ? "true" : "false";
        auto const finite = [](auto x) {
            if (!(x - x == 0)) refuse("an argument of a template is a number that is not finite");
            return spelled_number(x);
        };
        auto const bits = [&value] {
            std::uint64_t b = 0;
            std::from_chars(value.data(), value.data() + value.size(), b, 16);
            return b;
        };
        if (of == "float") return finite(std::bit_cast<float>(static_cast<std::uint32_t>(bits())));
        if (of == "double") return finite(std::bit_cast<double>(bits()));
        if (of == "long double") refuse("an argument of a template is a long double");
        bool const negative = value[0] == 'n';
        if (negative) value.erase(0, 1);
        if (of == "int" && value != "2147483648") return (negative ? "-" : "") + value;
        if (value == "9223372036854775808" && negative) value = "9223372036854775807ll - 1";
        return "static_cast<" + of + ">(" + (negative ? "-" : "") + value +
               (value.back() == '1' && value.find(' ') != std::string::npos ? ")"
                : negative                                                  ? "ll)"
                                                                            : "ull)");
    }
    std::string object() {  // behind X: an object of a class, as its members
        if (!take("tl")) refuse("an argument of a template is an address");
        std::string const of = type();
        if (!of.starts_with("paramorph::fixed_string<")) {
            if (take("EE")) return of + "{}";  // without members
            refuse("an argument of a template is an object of a class");
        }
        std::string text;
        if (take("tl")) {
            static_cast<void>(type());
            while (take("Lc")) {
                bool const negative = take("n");
                int const c = number();
                text += static_cast<char>(negative ? -c : c);
                take("E");
            }
            take("E");
        }
        if (!take("EE")) refuse_rest();
        int const length = std::stoi(of.substr(of.rfind('(') + 1));  // in the cast that spells a std::size_t
        text.resize(static_cast<std::size_t>(length - 1));           // zeros at the end are not in the name
        return "paramorph::fixed_string<" + std::to_string(length) + ">{\"" + escaped(text) + "\"}";
    }
    static std::string escaped(std::string const& text) {
        std::string to;
        for (char const c : text) {
            auto const code = static_cast<unsigned char>(c);
            if (code >= ' ' && code < 127 && c != '"' && c != '\\')
                to += c;
            else
                to += {'\\', static_cast<char>('0' + code / 64), static_cast<char>('0' + code / 8 % 8),
                       static_cast<char>('0' + code % 8)};
        }
        return to;
    }
    std::string type() {
        static constexpr char const* fundamental[][2]{{"v", "void"},           {"b", "bool"},
                                                      {"c", "char"},           {"a", "signed char"},
                                                      {"h", "unsigned char"},  {"s", "short"},
                                                      {"t", "unsigned short"}, {"i", "int"},
                                                      {"j", "unsigned int"},   {"l", "long"},
                                                      {"m", "unsigned long"},  {"x", "long long"},
                                                      {"f", "float"},          {"y", "unsigned long long"},
                                                      {"d", "double"},         {"e", "long double"},
                                                      {"w", "wchar_t"},        {"Dn", "decltype(nullptr)"},
                                                      {"Du", "char8_t"},       {"Ds", "char16_t"},
                                                      {"Di", "char32_t"}};
        for (auto const& [code, spelled] : fundamental)
            if (take(code)) return spelled;
        if (take("K")) return remember(type() + " const");
        if (take("P")) return remember(type() + "*");
        if (take("R")) return remember(type() + "&");
        if (take("O")) return remember(type() + "&&");
        if (take("A")) {
            std::string const extent = std::to_string(number());
            if (!take("_")) refuse_rest();
            return remember(type() + "[" + extent + "]");
        }
        if (next() == 'Z') refuse("a type that is declared in a function is in it");
        if (take("N")) return nested();
        std::string s = standard();
        if (s.empty()) {
            bool const in_std = take("St");
            s = !in_std && take("S") ? substitution() : remember(in_scope(in_std ? "std" : ""));
        }
        return take("I") ? remember(s + arguments()) : s;
    }

  public:
    static std::string spell(char const* mangled) {
        type_speller s;
        s.name_ = mangled;
        std::string text = s.type();
        if (!s.name_.empty()) s.refuse_rest();
        return text;
    }
};

template <class T>
std::string spelling_of() {
#ifdef __cpp_rtti
    return type_speller<>::spell(typeid(T).name());
#else
    throw error("write_header: without run-time type information (-fno-rtti) pass how the type is spelled as .type");
#endif
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

#endif
