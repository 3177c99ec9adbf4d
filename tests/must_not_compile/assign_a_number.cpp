// A number as a value.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    net.weight = 1.0F;  // error: assignment: a tensor takes an array of its shape
#else
    net.weight = xt::ones<float>({2, 2});
#endif
    static_cast<void>(net);
}
