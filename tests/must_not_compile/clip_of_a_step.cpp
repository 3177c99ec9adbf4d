// What a step gives is the loss and the gradient; the gradient is clipped.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using network = pm::nn::linear<4, 2>;

double f(network const& net, xt::xtensor_fixed<float, xt::xshape<3, 4>> const& x,
         xt::xtensor_fixed<float, xt::xshape<3, 2>> const& t) {
    auto step = pm::value_and_grad([](auto& n, auto in, auto target) { return pm::mse(n(in), target); }, net);
#ifdef MISTAKE
    return pm::optim::clip_by_norm(step(x, t), 1.0);  // error: clip_by_norm, clip_by_value: they are given the gradient
#else
    auto& [value, gradient] = step(x, t);
    return value + pm::optim::clip_by_norm(gradient, 1.0);
#endif
}
