// A convolution that is padded on both sides, after the training of a network that is to be streamed.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::conv1d<4, 4, 3, pm::padding<pm::same>>;
#else
using layer = pm::nn::conv1d<4, 4, 3, pm::padding<pm::causal>>;
#endif
using model = pm::nn::sequential<pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>, layer>;
pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: (layer 1) cannot run frame by frame: its convolution reads frames that come later: write pm::padding<pm::causal>
}
