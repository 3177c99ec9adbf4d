// A step of an optimizer as in PyTorch.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::optim::sgd<pm::nn::linear<4, 4>>& optimizer, pm::gradients<pm::nn::linear<4, 4>> const& gradient) {
#ifdef MISTAKE
    optimizer.step();  // error: step: an optimizer is given the gradient alone: write auto& [value, gradient]
#else
    optimizer.step(gradient);
#endif
    static_cast<void>(gradient);
}
