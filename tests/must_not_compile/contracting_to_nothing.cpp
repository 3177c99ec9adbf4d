// A bound of zero leaves one matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/contracting.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::contracting<0>;  // error: contracting: the bound must be greater than 0
#else
using stage = pm::param::contracting<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 2>>);
