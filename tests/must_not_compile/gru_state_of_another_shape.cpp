// A state of a GRU without the axis of layers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent.hpp>

namespace pm = paramorph;

using layer = pm::nn::gru<5, 3>;
using array = xt::xtensor_fixed<float, xt::xshape<7, 5>>;
#ifdef MISTAKE
using state = xt::xtensor_fixed<float, xt::xshape<3>>;
#else
using state = xt::xtensor_fixed<float, xt::xshape<1, 3>>;
#endif
auto f(layer const& net, array const& x, state const& h) {
    return net(x, h);  // error: gru: the state of an input [7, 5] must be [1, 3]: given are
}
