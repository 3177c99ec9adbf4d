// A spectral norm along an axis that a matrix does not have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/spectral_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::spectral_norm<1, 2>;  // error: spectral_norm: a tensor of shape [2, 3] has no axis 2
#else
using stage = pm::param::spectral_norm<1, 1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
