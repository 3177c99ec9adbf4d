// What a call is refused with.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

#include "paramorph/core/error.hpp"

template <class F>
std::string refusal_of(F&& f) {
    try {
        f();
        return "nothing was refused";
    } catch (paramorph::error const& e) {
        return e.what();
    }
}
