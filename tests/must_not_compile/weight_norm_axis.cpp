// Lengths along an axis that a matrix does not have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/weight_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::weight_norm<2>;  // error: the tensor has no such axis
#else
using stage = pm::param::weight_norm<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
