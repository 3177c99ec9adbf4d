// One number has no order.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/ordered.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<>;  // error: ordered: the tensor must have at least one axis
#else
using shape = pm::shape<1>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::ordered>, shape>);
