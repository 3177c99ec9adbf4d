// A forward that moves a buffer whose value comes from an original.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/positive.hpp>

namespace pm = paramorph;

struct following {
#ifdef MISTAKE
    pm::buffer<pm::shape<3>, pm::chain<pm::param::positive>> last;
#else
    pm::buffer<pm::shape<3>> last;
#endif
    constexpr auto forward(auto x) const {
        return pm::updated(x + last, last = x);  // error: updated: the value of a parametrized buffer, [3], comes from its original
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, last);
auto f(following& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return pm::training(net)(x);
}
