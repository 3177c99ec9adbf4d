// A forward that gives tensors of different shapes in training and in inference.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

struct pooled {
    pm::tensor<pm::shape<3>> gain;
    template <pm::mode M>
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        if constexpr (M == pm::mode::training)
            return x * gain;
        else
#endif
            return pm::mean<0>(x) * gain;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(pooled, gain);
auto f(pooled const& net, xt::xtensor_fixed<float, xt::xshape<2, 3>> const& x) {
    return net(x);  // error: call: forward of pooled must give the same tensors in both modes: it gives [2, 3] in training and [3] in inference
}
