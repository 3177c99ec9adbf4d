// A forward that makes a buffer a tensor of another shape.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

struct following {
    pm::buffer<pm::shape<3>> mean;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::updated(x - mean, mean = x);  // error: updated: a buffer keeps its shape: [3] cannot become [2, 3]
#else
        return pm::updated(x - mean, mean = pm::mean<0>(x));
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, mean);
auto f(following& net, xt::xtensor_fixed<float, xt::xshape<2, 3>> const& x) {
    return pm::training(net)(x);
}
