// A momentum by which the running mean would leave the batches'.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/batch_norm.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using momentum = pm::momentum<1.5>;
#else
using momentum = pm::momentum<0.5>;
#endif
static_assert(pm::parameter_count<pm::nn::batch_norm<5, momentum>> == 10 && sizeof(momentum) > 0);  // error: momentum: the number must be between 0 and 1
