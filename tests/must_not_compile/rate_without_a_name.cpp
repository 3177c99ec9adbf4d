// A learning rate as a number.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<4, 4>& net) {
#ifdef MISTAKE
    pm::optim::adam optimizer(net, 0.01);  // error: adam: options have names: write pm::optim::adam optimizer{net
#else
    pm::optim::adam optimizer{net, {.learning_rate = 0.01}};
#endif
    static_cast<void>(optimizer);
}
