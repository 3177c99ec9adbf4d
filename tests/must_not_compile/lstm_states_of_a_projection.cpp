// States of a bidirectional LSTM with a projection, which are of two shapes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent.hpp>

namespace pm = paramorph;

using layer = pm::nn::lstm<5, 3, pm::bidirectional, pm::proj_size<2>>;
using array = xt::xtensor_fixed<float, xt::xshape<7, 5>>;
#ifdef MISTAKE
using state = xt::xtensor_fixed<float, xt::xshape<2, 3>>;
#else
using state = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
#endif
auto f(layer const& net, array const& x, state const& h, xt::xtensor_fixed<float, xt::xshape<2, 3>> const& c) {
    return net(x, h, c);  // error: lstm: the states of an input [7, 5] must be [2, 2] and [2, 3]: given are
}
