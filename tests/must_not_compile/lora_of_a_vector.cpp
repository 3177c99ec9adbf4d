// A correction of low rank of a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/lora.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: lora: the tensor must be a matrix with at least as many rows and columns as the rank, 1: it is [3]
#else
using shape = pm::shape<2, 3>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::lora<1>>, shape>);
