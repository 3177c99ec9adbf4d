// A training step with a batch that only the run knows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/value_and_grad.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using array = xt::xtensor<float, 2>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<4, 3>>;
#endif
float f(pm::nn::linear<3, 2> const& net, array const& x, xt::xtensor_fixed<float, xt::xshape<4, 2>> const& t) {
    auto const loss = [](auto& n, auto a, auto b) { return pm::mse(n(a), b); };
    auto step = pm::value_and_grad(loss, net);
    return step(x, t)
        .value;  // error: value_and_grad: the inputs' shapes must be static (xt::xtensor_fixed): a training step has its batch in its type
}
