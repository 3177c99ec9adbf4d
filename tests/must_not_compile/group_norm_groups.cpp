// Groups that do not divide the channels.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/normalization.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<2, 6, 5>>;
#ifdef MISTAKE
using layer = pm::nn::group_norm<4, 6>;
#else
using layer = pm::nn::group_norm<3, 6>;
#endif
auto f(layer const& net, array const& x) {
    return net(x);  // error: group_norm: the number of groups must divide the number of channels: 4 groups, 6 channels
}
