// Flattening an input without a batch.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/flatten.hpp>

namespace pm = paramorph;

using layer = pm::nn::flatten<>;
#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<6>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<2, 3>>;
#endif
auto f(layer const& net, array const& x) {
    return net(x);  // error: flatten: the input has no such axes, or they end before they begin: axes 1 to -1 of [6]
}
