// A number where a seed is meant.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    net = pm::nn::linear<2, 2>{0};  // error: write pm::make<net>(pm::seed{0})
#else
    net = pm::nn::linear<2, 2>{pm::seed{0}};
#endif
    static_cast<void>(net);
}
