// A shape with five axes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/core/shape.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
static_assert(pm::shape<1, 2, 3, 4, 5>::size == 120);  // error: shape: at most four axes
#else
static_assert(pm::shape<2, 3, 4, 5>::size == 120);
#endif
