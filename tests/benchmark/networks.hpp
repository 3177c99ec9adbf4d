// The networks of the benchmark: their sizes and their numbers, the same on every side. Images and frames
// are what a workload's input x holds; numbers of layers are drawn once, uniform within 1 / sqrt(fan in), and lie one
// after the other: weight and bias of the first layer, of the second, ...
//
//   conv1d_stack   the convolutional network that RTNeural tests itself with, without its normalizations: dense 1-8,
//                  conv 8-4 of 3 taps, conv 4-4 of 1, conv 4-4 of 3 taps, 2 apart, dense 4-1; tanh between, sigmoid at
//                  the end; a block of 64 frames after 6 earlier ones
//   wavenet_layer  a layer of Neural Amp Modeler's A2 with 8 or 3 channels, on a block of 64 frames: z = conv of 6
//   taps,
//                  7 apart, + 1x1 of the signal; a = leaky_relu(z); results a, and the input + 1x1 of a
//   gru_stream     a GRU of 32 over one number a frame, dense 32-1; 64 frames one by one, the first after zeros
//   conv2d_net     64 images 1x28x28, conv 3x3 of 16, conv 3x3 of 32, relu after each, dense 10
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <initializer_list>
#include <vector>

namespace benchmark {

struct layer_numbers {
    int weights, biases, fan_in;
};
inline std::vector<float> drawn(std::initializer_list<layer_numbers> layers) {
    std::vector<float> all;
    unsigned state = 7;
    for (auto const& l : layers)
        for (int i = 0; i < l.weights + l.biases; ++i) {
            state = state * 1664525u + 1013904223u;
            all.push_back(static_cast<float>(static_cast<int>(state)) * 0x1p-31f /
                          std::sqrt(static_cast<float>(l.fan_in)));
        }
    return all;
}

struct conv1d_stack {
    static constexpr int frames = 64, before = 6;
    inline static std::vector<float> const all_numbers =
        drawn({{8, 8, 1}, {96, 4, 24}, {16, 4, 4}, {48, 4, 12}, {4, 1, 4}});
    static float const* numbers() { return all_numbers.data(); }
};
template <int Channels>
struct wavenet_layer {
    static constexpr int channels = Channels, frames = 64, taps = 6, apart = 7, before = (taps - 1) * apart;
    static constexpr int signal = channels * (before + frames);  // where it begins in x
    inline static std::vector<float> const all_numbers = drawn({{channels * channels * taps, channels, channels* taps},
                                                                {channels, 0, channels* taps},
                                                                {channels * channels, channels, channels}});
    static float const* numbers() { return all_numbers.data(); }
};
struct gru_stream {
    static constexpr int hidden = 32, gates = 3 * hidden, frames = 64;
    // Weights of the input, of the state, both biases: gates r, z, n; of the dense layer.
    inline static std::vector<float> const all_numbers =
        drawn({{gates * (1 + hidden), 2 * gates, hidden}, {hidden, 1, hidden}});
    static float const* numbers() { return all_numbers.data(); }
};
struct conv2d_net {
    static constexpr int images = 64, rows = 28, first = 16, second = 32, classes = 10;
    static constexpr int after_first = rows - 2, after_second = rows - 4,
                         features = second * after_second * after_second;
    static constexpr int numbers_of_first = first * 9 + first, numbers_of_second = second * first * 9 + second,
                         numbers_of_all = numbers_of_first + numbers_of_second + classes * features + classes;
    inline static std::vector<float> const all_numbers = drawn(
        {{first * 9, first, 9}, {second * first * 9, second, first * 9}, {classes * features, classes, features}});
    static float const* numbers() { return all_numbers.data(); }
    static int label(int image) { return image * 7 % classes; }
};

}  // namespace benchmark
