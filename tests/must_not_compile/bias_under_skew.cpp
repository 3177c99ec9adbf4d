// A bias under a parametrization of matrices.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stage = pm::param::skew;  // error: skew: the matrix must be square: it is [4]
#else
using stage = pm::param::positive;
#endif
pm::nn::linear<4, 4, pm::bias<stage>> layer;
