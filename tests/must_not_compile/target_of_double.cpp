// A target of doubles for a network of float.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct net {
    using input_shape = pm::shape<4>;
    pm::nn::linear<4, 8> a;
    pm::tensor<pm::shape<8>> gain;
    pm::nn::linear<8, 2> b;
    constexpr auto forward(auto x) const { return b(pm::tanh(a(x)) * gain); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(net, a, gain, b);
#ifdef MISTAKE
using array = xt::xtensor_fixed<double, xt::xshape<32, 2>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<32, 2>>;
#endif
float f(net& n, xt::xtensor_fixed<float, xt::xshape<32, 4>> const& x, array const& t) {
    auto step = pm::value_and_grad([](auto& m, auto y, auto l) { return pm::mse(m(y), l); }, n);
    return step(x, t)
        .value;  // error: value_and_grad: the elements of inputs must be float, as the tensors of the network are, or std::int32_t (labels); the inputs are float [32, 4], double [32, 2]
}
