// A network that sums over its batch has no row of its own for each row of a run-time batch.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

struct network {
    pm::nn::linear<4, 2> layer;
    using input_shape = pm::shape<4>;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::sum<0>(layer(
            x));  // error: call: a network called with a run-time batch must give one row for each row of its input
#else
        return layer(x);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(network, layer);

auto f(network const& net, xt::xtensor<float, 2> const& x) {
    return net(x);
}
