// Columns come in pairs.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/structured.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<4, 3>;  // error: kronecker: the tensor must be a matrix whose extents are multiples of those of the first factor, [2, 2]: it is [4, 3]
#else
using shape = pm::shape<4, 4>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::kronecker<2, 2>>, shape>);
