// A row is along an axis.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/ball.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<>;  // error: ball: the tensor must have at least one axis
#else
using shape = pm::shape<1>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::ball<2>>, shape>);
