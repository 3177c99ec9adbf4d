// On a target a call has its workspace on the stack, up to a limit.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/network.hpp>
#include <paramorph/param/cayley.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int n = 130;  // error: this call needs more than 64 KiB of stack
#else
constexpr int n = 13;
#endif
using rotation = pm::tensor<pm::shape<n, n>, pm::param::cayley>;
pm::status set(rotation& r, rotation::array_type const& value) { return r.try_assign(value); }
