// Pooling over all of time at the end of a network.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/pooling.hpp>
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::adaptive_avg_pool1d<1>;
#else
using layer = pm::nn::conv1d<4, 4, 1>;
#endif
using model = pm::nn::sequential<pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>, layer>;
pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: adaptive_avg_pool1d<1> (layer 1) cannot run frame by frame: its sum needs all frames at once
}
