// A dilated kernel that is longer than its input, though not without the dilation.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<1, 2, 6>>;
#ifdef MISTAKE
using layer = pm::nn::conv1d<2, 4, 5, pm::dilation<2>, pm::padding<1>>;
#else
using layer = pm::nn::conv1d<2, 4, 5, pm::dilation<2>, pm::padding<2>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: conv1d: the kernel is longer than the input with its padding: kernel [5], dilation [2], padding [1] on [1, 2, 6]; take a smaller kernel, or more pm::padding
}
