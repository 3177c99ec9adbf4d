// Images that have their channels last.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/convolution.hpp>

namespace pm = paramorph;

using layer = pm::nn::conv2d<3, 8, 3>;
#ifdef MISTAKE
using images = xt::xtensor_fixed<float, xt::xshape<2, 9, 9, 3>>;
#else
using images = xt::xtensor_fixed<float, xt::xshape<2, 3, 9, 9>>;
#endif
auto f(layer const& net, images const& x) {
    return net(
        x);  // error: conv2d: 3 input channels expected, 9 given, axis 1 of [2, 9, 9, 3] ([batch, channels, height, width]): write conv2d<9, ...>, or permute the input
}
