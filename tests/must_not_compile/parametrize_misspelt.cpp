// A misspelt path: the names there are.
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
pm::parametrize<net, pm::at<"b.wieght", pm::param::positive>>
    later;  // error: parametrize: the module has no tensor of this name, b.wieght; name one of these: a.weight, a.bias, gain, b.weight, b.bias
#else
pm::parametrize<net, pm::at<"b.weight", pm::param::positive>> later;
#endif
