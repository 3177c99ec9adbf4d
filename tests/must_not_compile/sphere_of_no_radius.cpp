// A radius of zero leaves no direction.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/sphere.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::sphere<0>;  // error: sphere: the radius must be greater than 0
#else
using stage = pm::param::sphere<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2>>);
