// An affine map that is not one to one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/offset_multiplier.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using affine = pm::param::offset_multiplier<1, 0>;  // error: offset_multiplier: the multiplier must be greater than zero: 0
#else
using affine = pm::param::offset_multiplier<1, 2>;
#endif
static_assert(pm::parametrization<affine, pm::shape<3>>);
