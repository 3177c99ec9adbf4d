// A forward that moves a tensor that is trained.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct following {
#ifdef MISTAKE
    pm::tensor<pm::shape<3>> last;
#else
    pm::buffer<pm::shape<3>> last;
#endif
    constexpr auto forward(auto x) const {
        return pm::updated(x + last, last = x);  // error: updated: a trained tensor, [3], is moved by optimizers alone
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, last);
auto f(following& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return pm::training(net)(x);
}
