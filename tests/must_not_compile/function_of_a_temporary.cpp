// A function of a network that is gone at the end of the line.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/function.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

void f(xt::xtensor_fixed<float, xt::xshape<1, 2>> const& x) {
    pm::nn::linear<2, 2> const net{pm::seed{0}};
#ifdef MISTAKE
    auto const call = pm::function(
        [](auto& n, auto a) { return n(a); },
        pm::nn::linear<2, 2>{
            pm::seed{0}});  // error: function: it refers to the network, and this one is gone at the end of the line
#else
    auto const call = pm::function([](auto& n, auto a) { return n(a); }, net);
#endif
    static_cast<void>(call(x));
}
