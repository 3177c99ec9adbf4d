// The same mistake in a chain of values.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto rotation = pm::param::symmetric{} |
                          pm::param::cayley{};  // error: chain: a stage does not accept what the stage before it makes: symmetric makes symmetric tensors (its codomain), cayley takes skew ones (its domain)
#else
constexpr auto rotation = pm::param::skew{} | pm::param::cayley{};
#endif
static_assert(rotation.size == 2);
