// An interval that is wider than the largest float.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::nn::linear<2, 2, pm::weight<pm::param::interval<-3e38, 3e38>>> layer;  // error: the tensor's element type: -3e38 and 3e38
#else
pm::nn::linear<2, 2, pm::weight<pm::param::interval<-1e38, 1e38>>> layer;
#endif
