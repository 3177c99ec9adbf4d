// A coupling layer through which all numbers pass.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int kept = 2;
#else
constexpr int kept = 1;
#endif
pm::nn::coupling<2, kept, pm::nn::linear<kept, 2>>
    layer;  // error: coupling: of the numbers of the last axis some must pass and some must move
