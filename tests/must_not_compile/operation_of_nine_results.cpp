// A dense operation with more results than nodes have room for.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/base.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
inline constexpr int count = 9;
#else
inline constexpr int count = 8;
#endif
// error: dense: an operation takes at most eight arguments and has one to eight results; put tensors into one
struct copies_of : pm::op::dense<copies_of, 1, count> {
    static constexpr std::string_view name = "copies_of";
};
static_assert(copies_of::results == count);
