// A module with parentheses among types.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using activation = pm::nn::relu();  // error: sequential: relu() with parentheses is the type of a function
#else
using activation = pm::nn::relu;
#endif
pm::nn::sequential<pm::nn::linear<4, 2>, activation> net;
