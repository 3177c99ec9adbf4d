// A function of the standard library in a module's forward.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct net {
    using input_shape = pm::shape<4>;
    pm::nn::linear<4, 8> a;
    pm::tensor<pm::shape<8>> gain;
    pm::nn::linear<8, 2> b;
#ifdef MISTAKE
    constexpr auto forward(auto x) const {
        return b(std::exp(a(x)) * gain);
    }  // error: a traced tensor is not a number while compiling, so no std:: function takes it: write the pm:: function, as pm::exp(x)
#else
    constexpr auto forward(auto x) const { return b(pm::tanh(a(x)) * gain); }
#endif
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(net, a, gain, b);
auto f(net const& n, xt::xtensor_fixed<float, xt::xshape<32, 4>> const& x) {
    return n(x);
}
