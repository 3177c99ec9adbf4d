// A rank higher than the matrix can have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/fixed_rank.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::fixed_rank<3>;  // error: fixed_rank: the rank must be positive and at most the number of rows and of columns of a matrix: rank 3 of [2, 3]
#else
using stage = pm::param::fixed_rank<2>;
#endif
static_assert(pm::parametrization<pm::chain<stage>, pm::shape<2, 3>>);
