// Bounds in the wrong order.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<2>>;
#ifdef MISTAKE
using layer = pm::nn::hardtanh<1, -1>;
#else
using layer = pm::nn::hardtanh<-1, 1>;
#endif
auto f(layer const& net, array const& x) {
    return net(x);  // error: hardtanh: the lower bound must be less than the upper one: they are 1 and -1
}
