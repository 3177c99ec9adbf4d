// Views, too, take traced tensors.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto f(xt::xtensor_fixed<float, xt::xshape<8>> const& x) {
#ifdef MISTAKE
    return pm::window<2>(x);  // error: window: it takes a traced tensor, as the x of forward(auto x), and is given
#else
    return pm::function([](auto y) { return pm::window<2>(y); })(x);
#endif
}
