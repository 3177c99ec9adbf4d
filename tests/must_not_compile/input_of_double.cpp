// A network of float is called with doubles.
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
using array = xt::xtensor_fixed<double, xt::xshape<32, 4>>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<32, 4>>;
#endif
auto f(net const& n, array const& x) {
    return n(
        x);  // error: call: float and double are mixed: the tensors of the network are float, the elements of the input double: convert the input, xt::cast<float>(x)
}
