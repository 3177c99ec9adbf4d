// A forward of a module that answers as a stage does, and does not say which buffer moves.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct following {
    pm::buffer<pm::shape<3>> last;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::updated(x + last, x);
#else
        return pm::updated(x + last, last = x);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, last);
auto f(following& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return pm::training(net)(x);  // error: call: forward of following answers with pm::updated(y, value), which does not say what becomes this value
}
