// Evidence of a network that does not say what it takes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove/evidence.hpp>

namespace pm = paramorph;

struct doubled {
#ifndef MISTAKE
    using input_shape = pm::shape<2>;
#endif
    pm::nn::linear<2, 2> layer;
    constexpr auto forward(auto x) const { return 2 * layer(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(doubled, layer);
inline constexpr pm::network_values<doubled> numbers{{1, 2, 3, 4, 5, 6}};
constexpr pm::frozen<numbers> net;
bool proved() {
    return pm::evidence<>(net).proved();  // error: evidence: doubled does not state the shape of its input
}
