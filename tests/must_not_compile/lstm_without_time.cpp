// An LSTM that is given a single vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent.hpp>

namespace pm = paramorph;

using layer = pm::nn::lstm<5, 3>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<5>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<7, 5>>;
#endif
auto f(layer const& net, array const& x) {
    return net(x);  // error: lstm: the input must be a sequence, [time, 5] or [time, batch, 5]: it is [5]
}
