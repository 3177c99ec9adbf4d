// convert: an argument that is stored in 16 bits, as a copy in the type that a program computes in. Programs of
// networks that are stored so have it before operations without loads that convert (embed/numbers.hpp). Cost: one load
// and one store an element; a loop that converts as it loads needs no copy. Source: IEEE 754 binary16, bfloat16.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI::op {

struct convert : elementwise<convert, 1> {
    static constexpr std::string_view name = "convert";
    static constexpr int cost = 0;
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::op
