// A stride that is given twice: one of them would silently win.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::conv1d<2, 3, 3, pm::stride<2>, pm::padding<1>, pm::stride<3>>;
#else
using layer = pm::nn::conv1d<2, 3, 3, pm::stride<2>, pm::padding<1>>;
#endif
static_assert(pm::parameter_count<layer> == 21);  // error: conv1d: the same option twice: stride<2> and stride<3>; give one of them
