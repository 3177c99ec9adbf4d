// Pooling over windows of time in a network that shall run frame by frame.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/pooling.hpp>
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::max_pool1d<2>;
#else
using layer = pm::nn::conv1d<4, 4, 1>;
#endif
using model = pm::nn::sequential<pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>, layer>;
pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(net);  // error: makes fewer or more frames than it takes; only a stride of 1 is streamed
}
