// A step of power iteration from a vector that does not fit the matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/power_iteration.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using vector = pm::shape<2>;  // error: power_iteration: the arguments must be a matrix and a vector as long as its rows: they are [2, 3] and [2]
#else
using vector = pm::shape<3>;
#endif
using result = decltype(pm::power_iteration(pm::symbol<pm::shape<2, 3>, float>{}, pm::symbol<vector, float>{}));
