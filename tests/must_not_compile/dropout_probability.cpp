// A probability given in percent.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/dropout.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::nn::dropout<20> layer;  // error: dropout: the probability must lie in [0, 1]
#else
pm::nn::dropout<0.2> layer;
#endif
