// A loss that forgets to return.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/value_and_grad.hpp>

namespace pm = paramorph;

float f(pm::nn::linear<3, 2> const& net, xt::xtensor_fixed<float, xt::xshape<4, 3>> const& x,
        xt::xtensor_fixed<float, xt::xshape<4, 2>> const& t) {
#ifdef MISTAKE
    auto const loss = [](auto& n, auto a, auto b) { pm::mse(n(a), b); };
#else
    auto const loss = [](auto& n, auto a, auto b) { return pm::mse(n(a), b); };
#endif
    auto step = pm::value_and_grad(loss, net);
    return step(x, t).value;  // error: value_and_grad: the loss must return a traced scalar
}
