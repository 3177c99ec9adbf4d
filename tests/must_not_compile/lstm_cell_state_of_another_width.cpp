// A cell whose state has another length.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent_cells.hpp>

namespace pm = paramorph;

using layer = pm::nn::lstm_cell<5, 3>;
using array = xt::xtensor_fixed<float, xt::xshape<5>>;
#ifdef MISTAKE
using state = xt::xtensor_fixed<float, xt::xshape<4>>;
#else
using state = xt::xtensor_fixed<float, xt::xshape<3>>;
#endif
auto f(layer const& net, array const& x, state const& h) {
    return net(x, h, h);  // error: lstm_cell: the state of an input [5] must be [3]: given are
}
