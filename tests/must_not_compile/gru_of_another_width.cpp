// A GRU that is given rows of another length.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent.hpp>

namespace pm = paramorph;

using layer = pm::nn::gru<5, 3>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<7, 4>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<7, 5>>;
#endif
auto f(layer const& net, array const& x) {
    return net(
        x);  // error: gru: 5 inputs expected, 4 given, the last extent of [7, 4]: write gru<4, 3>, or change what comes before it
}
