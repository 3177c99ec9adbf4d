// Options for a group of tensors that the network does not have.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-16
#include <paramorph/nn/linear.hpp>
#include <paramorph/optim/sgd.hpp>

namespace pm = paramorph;

void f(pm::optim::sgd<pm::nn::linear<3, 3>>& optimizer) {
#ifdef MISTAKE
    optimizer.group<"0.weight">(
        {.learning_rate = 0.1});  // error: group: the network has no tensor or module of this name
#else
    optimizer.group<"weight">({.learning_rate = 0.1});
#endif
}
