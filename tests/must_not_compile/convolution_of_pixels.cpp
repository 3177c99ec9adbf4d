// A convolution of images that are still rows of pixels.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>
#include <paramorph/nn/flatten.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

using pixels = xt::xtensor_fixed<float, xt::xshape<2, 64>>;
#ifdef MISTAKE
using model = pm::nn::sequential<pm::nn::conv2d<1, 4, 3>>;
#else
using model = pm::nn::sequential<pm::nn::unflatten<1, 1, 8, 8>, pm::nn::conv2d<1, 4, 3>>;
#endif
auto f(model const& net, pixels const& x) {
    return net(
        x);  // error: conv2d: the input must be [batch, channels, height, width], or without batch: it is [2, 64]; pm::nn::unflatten gives it axes
}
