// A module called as a function of torch.nn.functional.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct layer {
    pm::nn::linear<4, 4> inner;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::nn::relu(inner(x));  // error: pm::nn::relu is a module, a type: in forward write the function
#else
        return pm::relu(inner(x));
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(layer, inner);
auto use(layer const& net, xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
    return net(x);
}
