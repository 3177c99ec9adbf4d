// A loss that calls a forward which cannot be evaluated while compiling.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct net {
    using input_shape = pm::shape<4>;
    pm::nn::linear<4, 8> a;
    pm::tensor<pm::shape<8>> gain;
    pm::nn::linear<8, 2> b;
#ifdef MISTAKE
    auto forward(auto x) const { return b(pm::tanh(a(x)) * gain); }
#else
    constexpr auto forward(auto x) const { return b(pm::tanh(a(x)) * gain); }
#endif
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(net, a, gain, b);
float f(net& n, xt::xtensor_fixed<float, xt::xshape<32, 4>> const& x) {
    auto step = pm::value_and_grad([](auto& m, auto y) { return pm::mean(m(y)); }, n);
    return step(x).value;  // error: value_and_grad: the loss of net cannot be evaluated while compiling
}
