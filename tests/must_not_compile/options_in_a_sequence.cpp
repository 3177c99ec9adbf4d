// A layer of a sequence whose number is out of range.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using layer = pm::nn::dropout<50>;  // error: dropout: the probability must lie in [0, 1]
#else
using layer = pm::nn::dropout<0.5>;
#endif
using net = pm::nn::sequential<pm::nn::linear<4, 4>, layer, pm::nn::linear<4, 2>>;
auto f(net const& n, xt::xtensor_fixed<float, xt::xshape<3, 4>> const& x) {
    return n(x);
}
auto g() {
    return pm::make<net>(pm::seed{0});
}
