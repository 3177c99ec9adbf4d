// A forward for training only, of a network that is called in inference.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct doubling {
    pm::tensor<pm::shape<3>> gain;
    template <pm::mode M>
#ifdef MISTAKE
        requires(M == pm::mode::training)
#endif
    constexpr auto forward(auto x) const {
        return x * gain;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(doubling, gain);
auto f(doubling const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return net(x);  // error: call: forward of doubling takes no pm::mode::inference
}
