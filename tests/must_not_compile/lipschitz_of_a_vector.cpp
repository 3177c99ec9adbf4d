// The norm is one of matrices.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/lipschitz.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: lipschitz: the tensor must have at least two axes: it is [3]
#else
using shape = pm::shape<3, 1>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::lipschitz<>>, shape>);
