// A network of two inputs and results on a target is given one of each.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>

namespace pm = paramorph;

struct cell {
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<2>>;
    pm::nn::linear<2, 2> input, hidden;
    constexpr auto forward(auto x, auto h) const {
        auto const next = pm::tanh(input(x) + hidden(h));
        return std::tuple{pm::sum(next), next};
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden);
constexpr pm::network_values<cell> weights{};
constexpr pm::frozen<weights> net;

pm::status f(float (&x)[2], float (&y)[1], [[maybe_unused]] float (&h)[2], [[maybe_unused]] float (&next)[2],
             std::span<std::byte> w) {
#ifdef MISTAKE
    return net(x, y, w);  // error: call: the network takes 2 inputs and gives 2 results; 1 and 1 arrays are given
#else
    return net(std::tie(x, h), std::tie(y, next), w);
#endif
}
