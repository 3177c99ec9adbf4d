// A prelu of three channels on an input with four.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/prelu.hpp>

namespace pm = paramorph;

using layer = pm::nn::prelu<3>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<2, 4>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 3>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: prelu: the layer has 3 channels, which are axis 1 of its input, [batch, channels, ...]; the input is [2, 4]
}
