// A layer called with rows of another length.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor_fixed<float, xt::xshape<4, 2>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<4, 3>>;
#endif
auto f(pm::nn::linear<3, 3> const& net, array const& x) {
    return net(x);  // error: linear: 3 inputs expected, 2 given, the last extent of [4, 2]
}
