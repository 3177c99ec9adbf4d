// An operation with more arguments than nodes have room for.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/base.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
inline constexpr int count = 9;
#else
inline constexpr int count = 8;
#endif
// error: elementwise: an operation takes one to eight arguments; make it of two operations
struct sum_of : pm::op::elementwise<sum_of, count> {
    static constexpr std::string_view name = "sum_of";
    template <class M, class V>
    static constexpr V value(auto... x) {
        return (x + ...);
    }
};
static_assert(sum_of::arity == count);
