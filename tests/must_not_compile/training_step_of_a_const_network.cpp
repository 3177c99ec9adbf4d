// A step whose loss moves a buffer of a network that is const.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/value_and_grad.hpp>

namespace pm = paramorph;

struct following {
    pm::tensor<pm::shape<3>> gain;
    pm::buffer<pm::shape<3>> last;
    constexpr auto forward(auto x) const { return pm::updated(x * gain + last, last = x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, gain, last);
#ifdef MISTAKE
using network = following const;
#else
using network = following;
#endif
auto f(network& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    auto step = pm::value_and_grad([](auto& n, auto in) { return pm::sum(n(in)); }, net);
    return step(x).value;  // error: value_and_grad: training changes this network's state, so the network must not be const
}
