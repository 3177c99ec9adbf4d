// A member that BOOST_HANA_ADAPT_STRUCT lists twice, in place of another.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct two_layers {
    pm::nn::linear<3, 3> first, second;
    constexpr auto forward(auto x) const { return second(first(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
#ifdef MISTAKE
BOOST_HANA_ADAPT_STRUCT(two_layers, first, first);
#else
BOOST_HANA_ADAPT_STRUCT(two_layers, first, second);
#endif
auto f() {
    return pm::make<two_layers>(pm::seed{0});  // error: module: BOOST_HANA_ADAPT_STRUCT of two_layers lists a member twice
}
