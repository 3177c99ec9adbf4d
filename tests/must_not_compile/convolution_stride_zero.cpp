// A stride of 0.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>

namespace pm = paramorph;

using images = xt::xtensor_fixed<float, xt::xshape<1, 2, 6, 6>>;
#ifdef MISTAKE
using layer = pm::nn::conv2d<2, 4, 3, pm::stride<1, 0>>;
#else
using layer = pm::nn::conv2d<2, 4, 3, pm::stride<1, 2>>;
#endif
auto f(layer const& net, images const& x) {
    return net(
        x);  // error: conv2d: kernel, stride, dilation and groups must be 1 or more, paddings 0 or more: kernel [3, 3], stride [1, 0], dilation [1, 1], padding [0, 0], 1 groups
}
