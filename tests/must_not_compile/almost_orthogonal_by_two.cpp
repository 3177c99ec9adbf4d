// A singular value is not negative, so it is not 1 - 2.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/almost_orthogonal.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::almost_orthogonal<2>;  // error: almost_orthogonal: lambda must be greater than 0 and at most 1; for 0 take orthogonal
#else
using stage = pm::param::almost_orthogonal<1>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
