// A band is one of a matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/structured.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: banded: the tensor must be a matrix: it is [3]
#else
using shape = pm::shape<3, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::banded<1, 1>>, shape>);
