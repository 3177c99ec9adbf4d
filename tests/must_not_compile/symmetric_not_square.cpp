// A symmetric matrix that is not square.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::nn::linear<2, 3, pm::weight<pm::param::symmetric>> layer;  // error: symmetric: the matrix must be square: it is [3, 2]
#else
pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>> layer;
#endif
