// A power iteration of no steps.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/spectral_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::spectral_norm<0>;  // error: spectral_norm: at least one step of power iteration
#else
using stage = pm::param::spectral_norm<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
