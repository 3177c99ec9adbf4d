// A batch known at run time beside an input of static shape.
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

void f(cell const& net, xt::xtensor<float, 2> const& x,
       [[maybe_unused]] xt::xtensor_fixed<float, xt::xshape<1, 2>> const& h) {
#ifdef MISTAKE
    static_cast<void>(
        net(x, h));  // error: call: inputs of static shapes and batches known at run time are mixed in one call of cell
#else
    static_cast<void>(net(x, x));
#endif
}
