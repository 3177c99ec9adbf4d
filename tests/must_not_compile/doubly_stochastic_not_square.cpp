// As many rows as columns sum to one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/doubly_stochastic.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<2, 3>;  // error: doubly_stochastic: the matrix must be square: it is [2, 3]
#else
using shape = pm::shape<2, 2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::doubly_stochastic>, shape>);
