// A forward by mode that answers with pm::updated in inference.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct following {
    pm::buffer<pm::shape<3>> last;
    template <pm::mode M>
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::updated(x * (M == pm::mode::training ? 2.0 : 1.0), last = x);
#else
        if constexpr (M == pm::mode::training)
            return pm::updated(x * 2.0, last = x);
        else
            return x;
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, last);
auto f(following const& net, xt::xtensor_fixed<float, xt::xshape<3>> const& x) {
    return net(x);  // error: call: forward<pm::mode::inference> of following answers with pm::updated, and buffers do not move in inference
}
