// A stream in blocks of no frame.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

using model = pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>;
#ifdef MISTAKE
constexpr int block = 0;
#else
constexpr int block = 1;
#endif
auto f(model const& net) {
    return pm::streaming<model, block>(
        net);  // error: streaming: a block must have at least one frame: pm::streaming<net, 64>
}
