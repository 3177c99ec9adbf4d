// Two layers of a network whose widths do not fit.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using model = pm::nn::sequential<pm::nn::linear<3, 5>, pm::nn::linear<4, 2>>;
#else
using model = pm::nn::sequential<pm::nn::linear<3, 4>, pm::nn::linear<4, 2>>;
#endif
auto f(model const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return net(x);  // error: linear: 4 inputs expected, 5 given, the last extent of [5]: write linear<5, 2>
}
