// Correlations of three with two.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/corr_matrix.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 2>;  // error: corr_matrix: the matrix must be square, of at least two rows: it is [3, 2]
#else
using shape = pm::shape<3, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::corr_matrix>, shape>);
