// Singular values are those of a matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/almost_orthogonal.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: almost_orthogonal: the tensor must be a matrix: it is [3]
#else
using shape = pm::shape<1, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::almost_orthogonal<0.5>>, shape>);
