// A rotation of a matrix that is not square.
// behaviour-50
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/orthogonal.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 2>;  // error: square_orthogonal (orthogonal takes any shape): the matrix must be square: it is [3, 2]
#else
using shape = pm::shape<3, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::square_orthogonal<>>, shape>);
