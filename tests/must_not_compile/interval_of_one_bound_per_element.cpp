// One end is a number, and the other one state.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/interval.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using ends = pm::param::interval<0, pm::param::per_element>;  // error: interval: both ends are numbers, or both are per_element
#else
using ends = pm::param::interval<pm::param::per_element, pm::param::per_element>;
#endif
static_assert(pm::parametrization<pm::chain<ends>, pm::shape<3>>);
