// A linear layer without outputs.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::linear<3, 0>;
#else
using layer = pm::nn::linear<3, 1>;
#endif
static_assert(pm::parameter_count<layer> == 4);  // error: linear: the numbers of inputs and outputs must be positive
