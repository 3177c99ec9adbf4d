// Probabilities of the transitions from one state only.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/stochastic.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: row_stochastic: the tensor must be a matrix: it is [3]
#else
using shape = pm::shape<1, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::row_stochastic>, shape>);
