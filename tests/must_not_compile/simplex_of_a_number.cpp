// A number on a simplex.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/simplex.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<>;  // error: simplex: the tensor must have at least one axis
#else
using shape = pm::shape<3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::simplex>, shape>);
