// An input as a list in braces.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    static_cast<void>(net({1.0F, 2.0F}));  // error: call: a list in braces has no shape
#else
    static_cast<void>(net(xt::xtensor_fixed<float, xt::xshape<2>>{1, 2}));
#endif
    static_cast<void>(net);
}
