// The columns of a square matrix span everything: there is one such space.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/grassmannian.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 3>;  // error: grassmannian: the tensor must be a matrix that is not square, it is [3, 3]: the columns of a square one span everything
#else
using shape = pm::shape<3, 2>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::grassmannian<>>, shape>);
