// A bound without an iteration.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/operator_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::operator_norm<0>;  // error: operator_norm: at least one iteration, and at most seven
#else
using stage = pm::param::operator_norm<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 2>>);
