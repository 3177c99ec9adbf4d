// Two blocks have an even number of rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/structured.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 4>;  // error: block_diagonal: the tensor must be a matrix whose extents are multiples of 2: it is [3, 4]
#else
using shape = pm::shape<4, 4>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::block_diagonal<2>>, shape>);
