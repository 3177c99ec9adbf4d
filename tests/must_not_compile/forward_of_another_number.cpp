// A network of two inputs is given one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct cell {
    pm::nn::linear<2, 2> input, hidden;
    constexpr auto forward(auto x, auto h) const { return pm::tanh(input(x) + hidden(h)); }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden);

void f(cell const& net, xt::xtensor_fixed<float, xt::xshape<1, 2>> const& x) {
#ifdef MISTAKE
    static_cast<void>(net(x));  // error: call: cell has no forward that takes one tensor
#else
    static_cast<void>(net(x, x));
#endif
}
