// Bounds of a network that has two results.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

struct network {
    pm::nn::linear<1, 1> layer;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return std::tuple{layer(x), x};  // error: bounds: the network must have one result
#else
        return layer(x);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(network, layer);

inline constexpr pm::network_values<network> numbers{{2, 1}};
constexpr pm::frozen<numbers> net;
[[maybe_unused]] constexpr auto b = pm::bounds(net, pm::box<pm::shape<1>>::of(-1, 1));
