// A layer that is a member of a network, and has an option that is none.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer =
    pm::nn::linear<4, 4,
                   float>;  // error: linear: an option must be pm::weight<stages...>, pm::bias<stages...>, pm::no_bias
#else
using layer = pm::nn::linear<4, 4, pm::element_type<float>>;
#endif
struct net {
    BOOST_HANA_DEFINE_STRUCT(net, (layer, a), (pm::nn::linear<4, 2>, b));
    constexpr auto forward(auto x) const { return b(a(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
auto f(net const& n, xt::xtensor_fixed<float, xt::xshape<3, 4>> const& x) {
    return n(x);
}
auto g() {
    return pm::make<net>(pm::seed{0});
}
