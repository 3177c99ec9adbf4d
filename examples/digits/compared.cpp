// The training that is compared with PyTorch's. A source file of its own, as its training step is a program of its own.
//
// SPDX-License-Identifier: BSL-1.0
#include "training.hpp"

namespace digits {

outcome compared_training(dataset const& all, int seed, int epochs) {
    return outcome_of<compared_network>(all, seed, epochs, &constant);
}

}  // namespace digits
