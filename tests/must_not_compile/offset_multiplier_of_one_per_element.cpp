// The offset is state, and the multiplier a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/offset_multiplier.hpp>

namespace pm = paramorph;
using pm::param::offset_multiplier, pm::param::per_element;

#ifdef MISTAKE
using affine = offset_multiplier<per_element, 2>;  // error: offset_multiplier: both are numbers, or both are per_element
#else
using affine = offset_multiplier<per_element, per_element>;
#endif
static_assert(pm::parametrization<pm::chain<affine>, pm::shape<3>>);
