// A loss that takes fewer inputs than the step is given.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

float f(pm::nn::linear<4, 2>& n, xt::xtensor_fixed<float, xt::xshape<32, 4>> const& x) {
#ifdef MISTAKE
    auto step = pm::value_and_grad([](auto& m, auto y, auto t) { return pm::mse(m(y), t); }, n);
#else
    auto step = pm::value_and_grad([](auto& m, auto y) { return pm::mean(m(y)); }, n);
#endif
    return step(x)
        .value;  // error: value_and_grad: the loss does not take the network and 1 input: write [](auto& net, auto x, auto t)
}
