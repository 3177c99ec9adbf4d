// A network is called with a std::vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <vector>

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
using array = std::vector<float>;
#else
using array = xt::xtensor_fixed<float, xt::xshape<32, 4>>;
#endif
auto f(net const& n, array const& x) {
    return n(
        x);  // error: call: give the network an xtensor container (xtensor_fixed, or xtensor for a run-time batch); evaluate expressions and views first, and adapt other arrays, xt::adapt(v, {rows, columns}); this is vector<float
}
