// A run-time batch of a network whose first module changes the shape: that of a row is not what the layer behind states.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/flatten.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

using layers = pm::nn::sequential<pm::nn::flatten<>, pm::nn::linear<16, 3>>;
#ifdef MISTAKE
using model = layers;
#else
struct model {
    using input_shape = pm::shape<1, 4, 4>;
    layers inner;
    constexpr auto forward(auto x) const { return inner(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, inner);
#endif
auto f(model const& net, xt::xtensor<float, 4> const& x) {
    return net(
        x);  // error: call: for a batch known at run time the network must state the shape of a row: write `using input_shape = pm::shape<8>;` into your struct, or into one around library layers
}
