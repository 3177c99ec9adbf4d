// A function of a network and one input is given two.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

float f(pm::nn::linear<2, 2> const& net, xt::xtensor_fixed<float, xt::xshape<1, 2>> const& x) {
    auto const call = pm::function([](auto& n, auto a) { return n(a); }, net);
#ifdef MISTAKE
    auto const y = call(x, x);  // error: function: the function takes 1 input, and 2 are given beside the network
#else
    auto const y = call(x);
#endif
    return y.data()[0];
}
