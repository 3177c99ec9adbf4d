// A batch known at run time of a network of two inputs that does not state their rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct cell {
#ifndef MISTAKE
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<2>>;
#endif
    pm::nn::linear<2, 2> input, hidden;
    constexpr auto forward(auto x, auto h) const { return pm::tanh(input(x) + hidden(h)); }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden);

void f(cell const& net, xt::xtensor<float, 2> const& x) {
    static_cast<void>(net(
        x,
        x));  // error: call: for a batch known at run time the network must state the shapes of rows, as in `using input_shapes =
}
