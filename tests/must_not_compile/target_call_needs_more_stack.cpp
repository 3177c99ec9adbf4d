// On a target the value of a tensor is computed with a workspace on the stack, up to a limit.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>
#include <paramorph/param/cayley.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int n = 130;  // error: this call needs more than 64 KiB of stack
#else
constexpr int n = 13;
#endif
using rotation = pm::tensor<pm::shape<n, n>, pm::chain<pm::param::cayley>>;
float corner(rotation const& r) {
    return r().data()[0];
}
