// Groups that divide the input channels, but not the output channels.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<2, 4, 9>>;
#ifdef MISTAKE
using layer = pm::nn::conv1d<4, 6, 3, pm::groups<4>>;
#else
using layer = pm::nn::conv1d<4, 6, 3, pm::groups<2>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: conv1d: groups must divide the numbers of channels: 4 groups, 4 input channels, 6 output channels
}
