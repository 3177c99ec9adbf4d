// A shape of more elements than int counts.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/core/shape.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int rows = 50'000;  // error: shape: a tensor has less than 2^31 elements
#else
constexpr int rows = 40'000;
#endif
static_assert(pm::shape<rows, 50'000>::size > 0);
