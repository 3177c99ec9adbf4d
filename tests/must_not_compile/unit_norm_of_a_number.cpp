// A number of length one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/unit_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<>;  // error: unit_norm: the tensor must have at least one axis
#else
using shape = pm::shape<3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::unit_norm>, shape>);
