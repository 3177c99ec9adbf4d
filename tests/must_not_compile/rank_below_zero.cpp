// A rank cannot be negative.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/sets.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using low = pm::set::rank_at_most<-1>;  // error: rank_at_most: a rank is not negative
#else
using low = pm::set::rank_at_most<1>;
#endif
static_assert(pm::subset<low, pm::set::rank_at_most<2>>);
