// A module's forward that forgets to return.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct net {
    BOOST_HANA_DEFINE_STRUCT(net, (pm::nn::linear<4, 8>, a), (pm::nn::linear<8, 2>, b));
#ifdef MISTAKE
    constexpr void forward(auto x) const { b(a(x)); }
#else
    constexpr auto forward(auto x) const { return b(a(x)); }
#endif
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
auto f(net const& n, xt::xtensor_fixed<float, xt::xshape<3, 4>> const& x) {
    return n(
        x);  // error: call: forward of net returns nothing: write `constexpr auto forward(auto x) const { return ...; }`
}
