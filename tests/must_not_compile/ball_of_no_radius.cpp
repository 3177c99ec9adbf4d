// A radius of zero leaves one point.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/ball.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::ball<0>;  // error: ball: the radius must be greater than 0
#else
using stage = pm::param::ball<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2>>);
