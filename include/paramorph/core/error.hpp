// What the host throws: a sentence that names the operation or the tensor, what was wrong, and what to do. Without
// exceptions (a target) what depends on data is a status, and a mistake in the program itself, such as reading a tensor
// that was never filled, stops it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

#ifdef __cpp_exceptions
#ifndef PARAMORPH_EMBED
#include <cstddef>
#include <cstring>
#include <initializer_list>
#endif
#include <stdexcept>
#endif

namespace paramorph::inline PARAMORPH_ABI {

#ifdef __cpp_exceptions
struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
};
#endif

#if defined(__cpp_exceptions) && !defined(PARAMORPH_EMBED)
// An error whose sentence is put together. Of a std::string that grows, each file would compile its functions anew.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_with(std::initializer_list<char const*> pieces) {
    std::size_t length = 0;
    for (char const* const piece : pieces) length += std::strlen(piece);
    struct buffer {
        char* text;
        ~buffer() { delete[] text; }
    } const sentence{new char[length + 1]{}};
    length = 0;
    for (char const* const piece : pieces) {
        std::size_t const n = std::strlen(piece);
        std::memcpy(sentence.text + length, piece, n);
        length += n;
    }
    throw error(sentence.text);
}
#endif

[[noreturn]] inline void fail(char const* sentence) {
#ifdef __cpp_exceptions
    throw error(sentence);
#else
    static_cast<void>(sentence);
    __builtin_trap();
#endif
}

// What a program returns where nothing is thrown: the sentence of the first requirement that failed, or none.
struct status {
    char const* failed = nullptr;

    constexpr bool ok() const { return failed == nullptr; }
    constexpr explicit operator bool() const { return ok(); }
};

inline void throw_if_failed(status s) {
    if (!s.ok()) fail(s.failed);
}

}  // namespace paramorph::inline PARAMORPH_ABI
