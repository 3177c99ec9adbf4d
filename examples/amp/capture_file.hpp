// A capture as it stands in a file, in the format of Neural Amp Modeler (.nam, JSON): the network's numbers in one
// list, and what the network is.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace amp {

// A stack of layers of a WaveNet.
struct array_config {
    int input_size, condition_size, channels, head, head_size;
    bool head_bias;
    std::vector<int> sizes, dilations;
    std::vector<std::string> activations;  // "Tanh", "LeakyReLU 0.01"
    bool operator==(array_config const&) const = default;
};

struct capture {
    std::string path, architecture;  // "WaveNet" or "LSTM"
    double rate;                     // samples per second; 0 where the file does not say
    std::vector<array_config> arrays;
    int layers, hidden;  // of an LSTM
    std::vector<float> weights;
};

// Of several sizes in one file that which stands for `size`, from 0 to 1. Throws std::runtime_error: the path, and what
// is wrong.
capture read_capture(std::string const& path, double size);

}  // namespace amp
