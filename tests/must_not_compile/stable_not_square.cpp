// Only square matrices have eigenvalues.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/stable.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 2>;  // error: stable: the matrix must be square: it is [3, 2]
#else
using shape = pm::shape<2, 2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::stable>, shape>);
