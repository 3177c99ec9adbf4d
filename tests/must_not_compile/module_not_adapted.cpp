// A module without BOOST_HANA_ADAPT_STRUCT.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct two_layers {
    pm::nn::linear<3, 3> first, second;
    constexpr auto forward(auto x) const { return second(first(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
#ifndef MISTAKE
BOOST_HANA_ADAPT_STRUCT(two_layers, first, second);
#endif
auto f() {
    return pm::make<two_layers>(
        pm::seed{0});  // error: module: two_layers is not adapted; after it, at global scope, list all of its members (2): BOOST_HANA_ADAPT_STRUCT
}
