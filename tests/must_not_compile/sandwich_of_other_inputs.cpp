// A sandwich layer that is given more inputs than it has.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/lipschitz_layers.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int inputs = 5;  // error: sandwich: 4 inputs expected, 5 given, the last extent of [5]
#else
constexpr int inputs = 4;
#endif
auto f(pm::nn::sandwich<4, 3> const& net, xt::xtensor_fixed<float, xt::xshape<inputs>> const& x) {
    return net(x);
}
