// A user's operation whose `fold`, a plain function, gives another result; the compiler must not overlook it.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct same : pm::op::elementwise<same, 1> {
    static constexpr std::string_view name = "same";
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
#ifdef MISTAKE
    static constexpr int fold(pm::ir::known const*) {
        return 0;
    }  // error: its member fold is private, takes other arguments
#else
    static constexpr pm::ir::folded fold(pm::ir::known const*) { return {pm::ir::folded::argument, 0, 0}; }
#endif
};
static_assert(pm::ir::describe<same>.folds);
