// A layer of a module whose outputs are not given.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct gated {
#ifdef MISTAKE
    pm::nn::linear<4>
        inner;  // error: linear: the numbers of inputs and outputs must be positive: linear<inputs, outputs>; given are 4, 0
#else
    pm::nn::linear<4, 3> inner;
#endif
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x) const { return inner(x) * pm::max(gain); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain);
static_assert(pm::parameter_count<gated> > 0);
