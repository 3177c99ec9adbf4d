// A network of two inputs in eight bits.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>

namespace pm = paramorph;

struct cell {
#ifdef MISTAKE
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<2>>;
    constexpr auto forward(auto x, auto h) const { return pm::tanh(input(x) + h); }
#else
    using input_shape = pm::shape<2>;
    constexpr auto forward(auto x) const { return pm::tanh(input(x)); }
#endif
    pm::nn::linear<2, 2> input;
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(cell, input);
inline constexpr pm::network_values<cell> values{};
inline constexpr auto small = pm::quantize<values>();  // error: quantize: the network must state the shape of its input
