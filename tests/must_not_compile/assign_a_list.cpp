// A list in braces as a value.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    net.weight = {{1, 2}, {3, 4}};  // error: assignment: a tensor takes an array of its shape
#else
    net.weight = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1, 2}, {3, 4}};
#endif
    static_cast<void>(net);
}
