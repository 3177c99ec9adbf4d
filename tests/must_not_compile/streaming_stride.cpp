// A convolution that gives a frame for two.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::conv1d<4, 4, 4, pm::padding<pm::causal>, pm::stride<2>>;
#else
using layer = pm::nn::conv1d<4, 4, 4, pm::padding<pm::causal>>;
#endif
using model = pm::nn::sequential<pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>, layer>;
pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: cannot run frame by frame: its convolution makes fewer or more frames than it takes; only a stride of 1 is streamed
}
