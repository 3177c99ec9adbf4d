// An array of numbers is reshaped by xtensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto f(xt::xtensor_fixed<float, xt::xshape<8>> const& x) {
#ifdef MISTAKE
    return pm::reshape<pm::shape<2, 4>>(x);  // error: reshape: it takes a traced tensor, as the x of forward(auto x)
#else
    return pm::function([](auto y) { return pm::reshape<pm::shape<2, 4>>(y); })(x);
#endif
}
