// Lengths along an axis that a matrix does not have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/weight_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::weight_norm<2>;  // error: weight_norm: a tensor of shape [2, 3] has no axis 2; give 0 to rank - 1, or param::whole_tensor
#else
using stage = pm::param::weight_norm<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
