// Weights that share no number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/codebook.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::codebook<0>;  // error: codebook: there must be at least one number to share
#else
using stage = pm::param::codebook<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 2>>);
