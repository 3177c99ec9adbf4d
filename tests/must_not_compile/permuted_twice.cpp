// An element that is named twice takes the place of another.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/permuted.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::permuted<0, 1, 1>;  // error: permuted: give the numbers 0 to n - 1 of an axis of n, each once: 1, 1 for axis 0 of [2, 4]
#else
using stage = pm::param::permuted<0, 1, 0>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 4>>);
