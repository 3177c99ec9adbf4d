// What a recurrent layer gives, its results and its last state, is no tensor to which a residual block adds its input.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/recurrent.hpp>
#include <paramorph/nn/residual.hpp>

namespace pm = paramorph;

struct results {
    pm::nn::gru<8, 8> gru;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return gru(x);
#else
        return std::get<0>(gru(x));
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(results, gru);
auto f(pm::nn::residual<results> const& net, xt::xtensor_fixed<float, xt::xshape<7, 8>> const& x) {
    return net(x);  // error: residual: a tensor is expected, and given is a tuple of 2, all results of a layer
}
