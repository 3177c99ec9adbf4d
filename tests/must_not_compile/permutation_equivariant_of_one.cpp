// One element, which has nothing to be exchanged with.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/structured.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::permutation_equivariant<1>;  // error: permutation_equivariant: there must be at least two elements to permute
#else
using stage = pm::param::permutation_equivariant<2>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 2>>);
