// A loop over the elements of a member that is traced.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct gated {
    pm::nn::linear<4, 3> inner;
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        double most = 0;
        for (auto g : gain) most = g;  // error: a tensor has no elements to loop over: in forward, which is traced
        return inner(x) * most;
#else
        return inner(x) * pm::max(gain);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain);
inline auto result(gated const& net, xt::xtensor_fixed<float, xt::xshape<2, 4>> const& x) {
    return net(x);
}
