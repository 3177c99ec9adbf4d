// A tensor that BOOST_HANA_ADAPT_STRUCT does not list.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

struct gated {
    pm::nn::linear<3, 3> inner;
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x) const { return inner(x) * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
#ifdef MISTAKE
BOOST_HANA_ADAPT_STRUCT(gated, inner);
#else
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain);
#endif
auto f(xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return pm::make<gated>(pm::seed{0})(
        x);  // error: module: gated has 2 members that are tensors or modules, and its BOOST_HANA_ADAPT_STRUCT lists 1
}
