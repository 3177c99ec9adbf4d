// A batch for one of the two inputs whose rows a network states.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct cell {
    using input_shapes = pm::shapes<pm::shape<2>, pm::shape<2>>;
    pm::nn::linear<2, 2> input, hidden;
    constexpr auto forward(auto x, auto h) const { return pm::tanh(input(x) + hidden(h)); }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden);

void f(cell const& net, xt::xtensor<float, 2> const& x) {
#ifdef MISTAKE
    static_cast<void>(net(x));  // error: call: cell states the shapes of rows of 2 inputs, and 1 is given
#else
    static_cast<void>(net(x, x));
#endif
}
