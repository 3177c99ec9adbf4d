// A coupling layer whose scales have no room.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int most = 0;
#else
constexpr int most = 1;
#endif
pm::nn::coupling<2, 1, pm::nn::linear<1, 2>, most>
    layer;  // error: coupling: the largest logarithm of a scale must be greater than 0
