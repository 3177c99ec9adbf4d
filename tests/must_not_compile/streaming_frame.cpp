// A frame of another number of channels.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

using model = pm::nn::conv1d<2, 4, 3, pm::padding<pm::causal>>;
auto f(pm::streaming<model, 8>& s) {
#ifdef MISTAKE
    return s.step(
        xt::xtensor_fixed<
            float,
            xt::xshape<
                3>>{});  // error: streaming: step takes one frame, 2 numbers of the network's element type: it is given [3]
#else
    return s.step(xt::xtensor_fixed<float, xt::xshape<2>>{});
#endif
}
