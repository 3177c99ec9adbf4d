// A correction of low rank of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/lora.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: lora: the rank must be positive and at most the number of rows and of columns of a matrix: rank 1 of [3]
#else
using shape = pm::shape<2, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::lora<1>>, shape>);
