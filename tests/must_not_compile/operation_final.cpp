// A user's operation that is final: which functions it has is found by deriving from it.
//
// follows(clang): what derives from the class is asked, too
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
struct same final : pm::op::elementwise<same, 1> {  // error: operation: it must not be final
#else
struct same : pm::op::elementwise<same, 1> {
#endif
    static constexpr std::string_view name = "same";
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
};
static_assert(pm::ir::describe<same>.arity == 1);
