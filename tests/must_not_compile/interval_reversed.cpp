// An interval whose ends are exchanged.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::nn::linear<2, 2, pm::weight<pm::param::interval<1, -0.5>>> layer;  // error: interval: the lower end must be less than the upper end: 1 and -0.5
#else
pm::nn::linear<2, 2, pm::weight<pm::param::interval<-0.5, 1>>> layer;
#endif
