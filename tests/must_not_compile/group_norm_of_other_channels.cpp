// A group norm whose input has its channels last.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/normalization.hpp>

namespace pm = paramorph;

using layer = pm::nn::group_norm<3, 6>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<2, 5, 6>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 6, 5>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: group_norm: the layer has 6 channels, which are axis 1 of its input, [batch, channels, ...]; the input is [2, 5, 6]
}
