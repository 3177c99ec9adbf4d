// Only square matrices have a determinant.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/positive_determinant.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 2>;  // error: special_linear: the matrix must be square: it is [3, 2]
#else
using shape = pm::shape<2, 2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::special_linear>, shape>);
