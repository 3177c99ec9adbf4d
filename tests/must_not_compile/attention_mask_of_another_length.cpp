// A mask of attention for four places of five.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/attention.hpp>

namespace pm = paramorph;

using layer = pm::nn::multihead_attention<6, 3>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<4>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<5, 5>>;
#endif
auto f(layer const& net, xt::xtensor_fixed<float, xt::xshape<5, 6>> const& x, array const& mask) {
    return net(x, mask);  // error: multihead_attention: the mask must be [5, 5], what each place sees of each, or one for each head, [3, 5, 5], with extents of 1 where it is the same: it is [4]
}
