// The forward of a module with modes, in place of the module.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct layer {
    pm::nn::dropout<0.5> dropout;
    pm::nn::linear<4, 4> inner;
    template <pm::mode Mode>
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return inner(
            dropout.template forward<Mode>(x));  // error: and given is what a forward with modes or buffers gives
#else
        return inner(dropout(x));
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(layer, dropout, inner);
auto use(layer const& net, xt::xtensor_fixed<float, xt::xshape<4>> const& x) {
    return net(x);
}
