// A weight's value in forward, in place of the weight.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct layer {
    pm::tensor<pm::shape<4, 4>> weight;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::matmul(
            x, weight());  // error: matmul: it takes traced tensors, and is given an array beside one, float [4, 4]
#else
        return pm::matmul(x, weight);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(layer, weight);
auto use(layer const& net, xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
    return net(x);
}
