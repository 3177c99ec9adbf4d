// A block whose axes are exchanged.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

using model = pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>;
auto f(pm::streaming<model, 8>& s) {
#ifdef MISTAKE
    return s.process(
        xt::xtensor_fixed<
            float,
            xt::xshape<
                8,
                2>>{});  // error: streaming: process takes frames of the network's input, [2, 8] for a block of 8, of its element type: it is given [8, 2]
#else
    return s.process(xt::xtensor_fixed<float, xt::xshape<2, 8>>{});
#endif
}
