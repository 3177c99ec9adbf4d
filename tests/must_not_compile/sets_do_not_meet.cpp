// cayley takes skew matrices; symmetric makes symmetric ones.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using first = pm::param::symmetric;  // error: chain: a stage does not accept what the stage before it makes: symmetric makes symmetric tensors (its codomain), cayley takes skew ones (its domain)
#else
using first = pm::param::skew;
#endif
constexpr int stages = pm::chain<first, pm::param::cayley>::size;
static_assert(stages == 2);
