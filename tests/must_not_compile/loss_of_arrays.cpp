// A loss of what a network gave.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto use(xt::xtensor_fixed<float, xt::xshape<3, 2>> const& y, xt::xtensor_fixed<float, xt::xshape<3, 2>> const& t) {
#ifdef MISTAKE
    return pm::mse(y, t);  // error: mse: it takes tensors that are traced, and is given an array, float [3, 2]
#else
    return pm::function([](auto a, auto b) { return pm::mse(a, b); })(y, t);
#endif
}
