// A result that has as many rows as a block by chance has none of its own for each row of a run-time batch.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct network {
    pm::nn::linear<4, 32> layer;
    using input_shape = pm::shape<4>;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        // error: must give one row for each row of its input: of [1, 4] it makes [1, 32], [32, 4]
        return std::tuple(layer(x), layer.weight * 2);
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
