// A rank higher than the matrix can have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/positive_semidefinite.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::positive_semidefinite<3>;  // error: positive_semidefinite: the rank must be positive and at most the number of rows and of columns of a matrix: rank 3 of [2, 2]
#else
using stage = pm::param::positive_semidefinite<2>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 2>>);
