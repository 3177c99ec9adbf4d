// Hadamard's matrix is there for powers of two.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/hadamard_diagonal.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, 3>;  // error: hadamard_diagonal: the tensor must be a square matrix whose order is a power of two: it is [3, 3]
#else
using shape = pm::shape<4, 4>;
#endif
static_assert(pm::parametrization<pm::chain<pm::param::hadamard_diagonal>, shape>);
