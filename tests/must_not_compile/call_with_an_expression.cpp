// A network called with an xtensor expression that is not evaluated.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

auto f(pm::nn::linear<3, 3> const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
#ifdef MISTAKE
    return net(x + x);  // error: call: give the network an xtensor container
#else
    return net(x);
#endif
}
