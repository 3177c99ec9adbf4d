// Text of a file, or of a user, inside of a message: what is no printable ASCII is written as \xNN, so that a zero does
// not end the message and nothing of it is a command to a terminal or a line of its own. A text that was made printable
// stays as it is.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

#include "paramorph/core/abi.hpp"

#ifndef PARAMORPH_EMBED
#include <string>
#endif

namespace paramorph::inline PARAMORPH_ABI::detail {

// Calls put(piece) with the pieces of the text that is printed.
constexpr void put_printable(std::string_view text, auto&& put) {
    constexpr char digits[] = "0123456789abcdef";
    for (std::size_t k = 0; k < text.size(); ++k) {
        auto const byte = static_cast<unsigned char>(text[k]);
        if (byte >= 0x20 && byte < 0x7f)
            put(text.substr(k, 1));
        else {
            char const escaped[]{'\\', 'x', digits[byte >> 4], digits[byte & 15]};
            put(std::string_view(escaped, sizeof escaped));
        }
    }
}

#ifndef PARAMORPH_EMBED
template <class = void>  // what it needs of <string> is compiled where it is called
std::string printable(std::string_view text) {
    std::string made;
    put_printable(text, [&](std::string_view piece) { made += piece; });
    return made;
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::detail
