// A tensor's value in what forward gives.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct layer {
    pm::tensor<pm::shape<4>> gain;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return x * gain();  // error: must return a traced tensor, and returns an array, made by xtensor of a tensor
#else
        return x * gain;
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(layer, gain);
auto use(layer const& net, xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
    return net(x);
}
