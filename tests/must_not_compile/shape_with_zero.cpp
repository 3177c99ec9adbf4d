// A shape with an extent of zero.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/core/shape.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int rows = pm::shape<0, 2>::rank;  // error: shape: every extent must be positive
#else
constexpr int rows = pm::shape<1, 2>::rank;
#endif
static_assert(rows == 2);
