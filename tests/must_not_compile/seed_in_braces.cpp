// A seed for a struct of layers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct network {
    pm::nn::linear<4, 8> first;
    pm::nn::linear<8, 2> second;
    constexpr auto forward(auto x) const { return second(first(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(network, first, second);
#ifdef MISTAKE
network net{pm::seed{0}, {}};  // error: initial values: a struct of layers takes no seed in braces
#else
network net = pm::make<network>(pm::seed{0});
#endif
