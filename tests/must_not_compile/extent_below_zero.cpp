// A tensor with an extent below zero.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3, -1>;  // error: shape: every extent must be positive, shape<rows, columns>; given are 3, -1
#else
using shape = pm::shape<3, 1>;
#endif
static_assert(shape::rank == 2);
