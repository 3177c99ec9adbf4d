// Stages of a network without the name of their tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using stages = pm::param::symmetric;  // error: the name of the tensor goes with its stages: write pm::weight<symmetric>
#else
using stages = pm::weight<pm::param::symmetric>;
#endif
static_assert(pm::parameter_count<pm::parametrize<pm::nn::linear<4, 4>, stages>> == 20);
