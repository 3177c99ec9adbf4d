// A run-time batch for a module that does not say which shape its rows have.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct residual {
#ifndef MISTAKE
    using input_shape = pm::shape<3>;
#endif
    pm::nn::linear<3, 3> inner;
    constexpr auto forward(auto x) const { return x + inner(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(residual, inner);
auto f(residual const& net, xt::xtensor<float, 2> const& x) {
    return net(
        x);  // error: call: for a batch known at run time the network must state the shape of a row: write `using input_shape = pm::shape<8>;` into your struct
}
