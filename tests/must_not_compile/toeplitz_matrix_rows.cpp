// The number of rows is the parametrization's argument.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/structured.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<2, 3>;  // error: toeplitz_matrix: the tensor must be a matrix of 3 rows: it is [2, 3]
#else
using shape = pm::shape<3, 2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::toeplitz_matrix<3>>, shape>);
