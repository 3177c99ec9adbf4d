// A user's operation without a name.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct same : pm::op::elementwise<same, 1> {
#ifndef MISTAKE
    static constexpr std::string_view name = "same";
#endif
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
};
static_assert(pm::ir::describe<same>.arity == 1);  // error: operation: same has no name: write `static constexpr
