// A loss that captures a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/value_and_grad.hpp>

namespace pm = paramorph;

float f(pm::nn::linear<3, 2> const& net, xt::xtensor_fixed<float, xt::xshape<4, 3>> const& x,
        xt::xtensor_fixed<float, xt::xshape<4, 2>> const& t) {
#ifdef MISTAKE
    float const scale = 2;
    auto const loss = [scale](auto& n, auto a, auto b) { return pm::mse(n(a), b) * scale; };
#else
    auto const loss = [](auto& n, auto a, auto b) { return pm::mse(n(a), b) * 2; };
#endif
    auto step = pm::value_and_grad(
        loss, net);  // error: value_and_grad: the loss must not capture; pass what it needs as inputs
    return step(x, t).value;
}
