// What the program can run: the demo, and the training that is timed against PyTorch's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "data.hpp"

namespace digits {

struct options {
    int seed = 0, seeds = 5, epochs = 40;
    double bar = 0.975;  // held-out accuracy that the mean over the seeds must reach
};

// Trains, and shows what became of the constraints: the first seed in full, then the accuracy of all.
// Do the accuracy and the constraints hold?
bool demo(options const& o, dataset const& all);

// Seconds of training alone, and the accuracy on the digits held out.
struct outcome {
    double seconds, accuracy;
};

// One run of the network that tests/benchmark/digits_pytorch.py trains.
outcome compared_training(dataset const& all, int seed, int epochs);

}  // namespace digits
