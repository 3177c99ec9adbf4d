// A factor of zero.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/scale.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::scale<0>;  // error: scale: the factor must not be zero
#else
using stage = pm::param::scale<2>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
