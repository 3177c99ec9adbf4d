// Columns are turned, so there are as many as rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/structured.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<2, 3>;  // error: circulant_matrix: the matrix must be square: it is [2, 3]
#else
using shape = pm::shape<2, 2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::circulant_matrix>, shape>);
