// A layer norm over axes that the input does not have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/normalization.hpp>

namespace pm = paramorph;

using layer = pm::nn::layer_norm<pm::shape<4, 5>>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<2, 5, 4>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 4, 5>>;
#endif
auto f(layer const& net, array const& x) {
    return net(x);  // error: layer_norm: the last axes of the input must be [4, 5], it is [2, 5, 4]
}
