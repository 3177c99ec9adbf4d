// A spectral norm along an axis that a matrix does not have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/spectral_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::spectral_norm<1, 2>;  // error: spectral_norm: the tensor has no such axis
#else
using stage = pm::param::spectral_norm<1, 1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
