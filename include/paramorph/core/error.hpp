// What the host throws: a sentence that names the operation or the tensor, what was wrong, and what to do.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <stdexcept>

namespace paramorph {

struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What a program returns where nothing is thrown: the sentence of the first requirement that failed, or none.
struct status {
    char const* failed = nullptr;

    constexpr bool ok() const { return failed == nullptr; }
    constexpr explicit operator bool() const { return ok(); }
};

inline void throw_if_failed(status s) {
    if (!s.ok()) throw error(s.failed);
}

}  // namespace paramorph
