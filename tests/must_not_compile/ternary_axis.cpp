// A vector has one axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/ternary.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::ternary<1>;  // error: ternary: a tensor of shape [3] has no axis 1; give 0 to rank - 1, or param::whole_tensor
#else
using stage = pm::param::ternary<0>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<3>>);
