// A recurrent layer gives its results and its last state: the layer behind it in a sequential takes a tensor alone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/recurrent.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using model = pm::nn::sequential<pm::nn::gru<3, 8>, pm::nn::linear<8, 2>>;
#else
struct model {
    pm::nn::gru<3, 8> gru;
    pm::nn::linear<8, 2> last;
    constexpr auto forward(auto x) const {
        auto [y, h] = gru(x);
        return last(y);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, gru, last);
#endif
auto f(model const& net, xt::xtensor_fixed<float, xt::xshape<7, 3>> const& x) {
    return net(
        x);  // error: call: linear<8, 2>: a tensor is expected, and given is a tuple of 2, all results of a layer: in the forward of a struct write `auto [y, h] = gru(x);` and give y
}
