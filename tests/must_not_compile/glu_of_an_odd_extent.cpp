// A gated linear unit cannot halve seven numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>

namespace pm = paramorph;

using layer = pm::nn::glu<>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<2, 7>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 8>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: glu: the extent along the axis must be even, since one half of it is multiplied by the sigmoid of the other: axis -1 of [2, 7]
}
