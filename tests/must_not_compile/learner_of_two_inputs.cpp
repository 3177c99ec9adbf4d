// A learner of a network of two inputs is called on one.
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
inline constexpr pm::network_originals<cell> originals{};
struct loss {
    constexpr auto operator()(auto const& net, auto x) const {
#ifdef MISTAKE
        return pm::mean(net(x, x));
#else
        return pm::mean(net(x));
#endif
    }
};
using tuner = pm::learner<originals, loss, pm::trains<"input">, pm::input<pm::shape<4, 2>>>;

pm::status f(tuner& t, float const (&x)[2], float (&y)[2]) {
    return t(x, y);  // error: learner: it is called on one input, whose shape the network states
}
