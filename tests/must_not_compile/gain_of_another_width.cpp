// Two tensors that do not broadcast in a module's forward: both shapes are named.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int width = 7;
#else
constexpr int width = 8;
#endif
struct net {
    using input_shape = pm::shape<4>;
    pm::nn::linear<4, 8> a;
    pm::tensor<pm::shape<width>> gain;
    pm::nn::linear<8, 2> b;
    constexpr auto forward(auto x) const { return b(pm::tanh(a(x)) * gain); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(net, a, gain, b);
auto f(net const& n, xt::xtensor_fixed<float, xt::xshape<32, 4>> const& x) {
    return n(x);  // error: multiply: the shapes do not broadcast, float [32, 8] and float [7]: aligned at the last axis
}
