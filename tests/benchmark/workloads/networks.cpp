// Networks (networks.hpp): inference against hand-written loops, a training step against PyTorch. The
// size is the number of frames of a block, or of the matrices whose memory inputs and results lie in.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>

#include "../hand_written/convolution.hpp"
#include "../hand_written/recurrence.hpp"
#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

constexpr double bar_of_hand_written = 1.05, bar_of_training = 1.0 / 3;

using numbers = std::vector<double>;

// [channels, n] of one block: y[o][i] = b[o] + sum of w[o][c][k] x[c][i + k apart].
numbers frames(numbers const& x, int in, int out, int taps, int apart, float const* w, float const* b) {
    int const n = static_cast<int>(x.size()) / in, results = n - (taps - 1) * apart;
    numbers y;
    for (int o = 0; o < out; ++o)
        for (int i = 0; i < results; ++i) {
            double sum = b ? static_cast<double>(b[o]) : 0;
            for (int c = 0; c < in; ++c)
                for (int k = 0; k < taps; ++k)
                    sum += static_cast<double>(w[(o * in + c) * taps + k]) *
                           x[static_cast<std::size_t>(c * n + i + k * apart)];
            y.push_back(sum);
        }
    return y;
}
template <class F>
numbers each(numbers x, F f) {
    for (double& e : x) e = f(e);
    return x;
}

numbers stack_of(float const* x) {
    float const* const w = conv1d_stack::numbers();
    auto const tanh = [](double e) { return std::tanh(e); };
    numbers y(x, x + conv1d_stack::before + conv1d_stack::frames);
    y = each(frames(y, 1, 8, 1, 1, w, w + 8), tanh);
    y = each(frames(y, 8, 4, 3, 1, w + 16, w + 112), tanh);
    y = each(frames(y, 4, 4, 1, 1, w + 116, w + 132), tanh);
    y = each(frames(y, 4, 4, 3, 2, w + 136, w + 184), tanh);
    return each(frames(y, 4, 1, 1, 1, w + 188, w + 192), [](double e) { return 1 / (1 + std::exp(-e)); });
}

template <int Channels>
numbers wavenet_of(float const* x) {
    using of = wavenet_layer<Channels>;
    constexpr int pitch = of::before + of::frames;
    float const* const b = of::numbers() + Channels * Channels * of::taps;
    float const* const one = b + 2 * Channels;
    numbers a = frames(numbers(x, x + Channels * pitch), Channels, Channels, of::taps, of::apart, of::numbers(), b);
    auto const signal =
        frames(numbers(x + of::signal, x + of::signal + of::frames), 1, Channels, 1, 1, b + Channels, nullptr);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += signal[i];
    a = each(a, [](double e) { return e > 0 ? e : 0.01 * e; });
    numbers const passed = frames(a, Channels, Channels, 1, 1, one, one + Channels * Channels);
    for (int c = 0; c < Channels; ++c)
        for (int i = 0; i < of::frames; ++i)
            a.push_back(passed[static_cast<std::size_t>(c * of::frames + i)] +
                        static_cast<double>(x[c * pitch + of::before + i]));
    return a;
}

numbers gru_of(float const* x) {
    using of = gru_stream;
    float const* const w = of::numbers();
    float const *const hidden = w + of::gates, *const b = hidden + of::gates * of::hidden,
                       *const head = b + 2 * of::gates;
    auto const sigmoid = [](double e) { return 1 / (1 + std::exp(-e)); };
    numbers state(of::hidden), results;
    for (int t = 0; t < of::frames; ++t) {
        numbers next;
        double result = static_cast<double>(head[of::hidden]);
        for (int i = 0; i < of::hidden; ++i) {
            double in[3], of_state[3];
            for (int k = 0; k < 3; ++k) {
                int const row = k * of::hidden + i;
                in[k] = static_cast<double>(w[row]) * static_cast<double>(x[t]) + static_cast<double>(b[row]);
                of_state[k] = static_cast<double>(b[of::gates + row]);
                for (int j = 0; j < of::hidden; ++j)
                    of_state[k] +=
                        static_cast<double>(hidden[row * of::hidden + j]) * state[static_cast<std::size_t>(j)];
            }
            double const r = sigmoid(in[0] + of_state[0]), z = sigmoid(in[1] + of_state[1]),
                         n = std::tanh(in[2] + r * of_state[2]);
            next.push_back((1 - z) * n + z * state[static_cast<std::size_t>(i)]);
            result += static_cast<double>(head[i]) * next.back();
        }
        state = next;
        results.push_back(result);
    }
    return results;
}

// 3x3 convolutions of images, and what of the gradient a training step needs.
struct planes_3x3 {
    int in, out, rows;  // rows of images; those of results are two fewer
    float const* w;

    // f(element of images, of filters, of results) for each product of one image.
    template <class F>
    void each(F f) const {
        int const n = rows - 2;
        for (int o = 0; o < out; ++o)
            for (int c = 0; c < in; ++c)
                for (int k = 0; k < 9; ++k)
                    for (int i = 0; i < n; ++i)
                        for (int j = 0; j < n; ++j)
                            f(static_cast<std::size_t>((c * rows + i + k / 3) * rows + j + k % 3),
                              static_cast<std::size_t>((o * in + c) * 9 + k),
                              static_cast<std::size_t>((o * n + i) * n + j));
    }
    numbers forward(numbers const& x) const {
        int const plane = (rows - 2) * (rows - 2);
        numbers y;
        for (int o = 0; o < out; ++o)
            y.insert(y.end(), static_cast<std::size_t>(plane), static_cast<double>(w[out * in * 9 + o]));
        each([&](std::size_t image, std::size_t k, std::size_t y_at) {
            y[y_at] += static_cast<double>(w[k]) * x[image];
        });
        for (double& e : y) e = std::max(e, 0.0);
        return y;
    }
    // Adds to the gradients of filters and biases.
    void to_filters(numbers const& x, numbers const& c, double* gradient) const {
        each([&](std::size_t image, std::size_t k, std::size_t at) { gradient[k] += c[at] * x[image]; });
        int const plane = (rows - 2) * (rows - 2);
        for (std::size_t i = 0; i < c.size(); ++i) gradient[out * in * 9 + static_cast<int>(i) / plane] += c[i];
    }
    numbers to_images(numbers const& c, std::size_t size) const {
        numbers x(size);
        each([&](std::size_t image, std::size_t k, std::size_t at) { x[image] += static_cast<double>(w[k]) * c[at]; });
        return x;
    }
};

// The classes' scores of all images; or the loss and the gradients of all numbers.
numbers conv2d_of(float const* x, bool trains) {
    using net = conv2d_net;
    float const* const w = net::numbers();
    float const* const dense = w + net::numbers_of_first + net::numbers_of_second;
    planes_3x3 const first{1, net::first, net::rows, w},
        second{net::first, net::second, net::after_first, w + net::numbers_of_first};
    numbers scores, gradients(1 + net::numbers_of_all);
    double* const of_dense = gradients.data() + 1 + net::numbers_of_first + net::numbers_of_second;
    for (int n = 0; n < net::images; ++n) {
        numbers const image(x + n * net::rows * net::rows, x + (n + 1) * net::rows * net::rows),
            a = first.forward(image), b = second.forward(a);
        numbers p(net::classes);
        for (int k = 0; k < net::classes; ++k) {
            double sum = static_cast<double>(dense[net::classes * net::features + k]);
            for (int i = 0; i < net::features; ++i)
                sum += static_cast<double>(dense[k * net::features + i]) * b[static_cast<std::size_t>(i)];
            p[static_cast<std::size_t>(k)] = sum;
        }
        scores.insert(scores.end(), p.begin(), p.end());
        if (!trains) continue;
        double const largest = *std::ranges::max_element(p);
        double total = 0;
        for (double e : p) total += std::exp(e - largest);
        gradients[0] += (largest + std::log(total) - p[static_cast<std::size_t>(net::label(n))]) / net::images;
        numbers of_b(net::features);
        for (int k = 0; k < net::classes; ++k) {
            double const c =
                (std::exp(p[static_cast<std::size_t>(k)] - largest) / total - (k == net::label(n) ? 1 : 0)) /
                net::images;
            for (int i = 0; i < net::features; ++i) {
                of_dense[k * net::features + i] += c * b[static_cast<std::size_t>(i)];
                of_b[static_cast<std::size_t>(i)] += c * static_cast<double>(dense[k * net::features + i]);
            }
            of_dense[net::classes * net::features + k] += c;
        }
        for (std::size_t i = 0; i < b.size(); ++i) of_b[i] *= b[i] > 0 ? 1 : 0;
        second.to_filters(a, of_b, gradients.data() + 1 + net::numbers_of_first);
        numbers of_a = second.to_images(of_b, a.size());
        for (std::size_t i = 0; i < a.size(); ++i) of_a[i] *= a[i] > 0 ? 1 : 0;
        first.to_filters(image, of_a, gradients.data() + 1);
    }
    return trains ? gradients : scores;
}

}  // namespace

std::vector<workload> network_workloads() {
    using hand_written::wavenet_layer;
    return {{.name = "conv1d_stack",
             .size = conv1d_stack::frames,
             .ours = [](float const* x, float const*, float* y) { network_subject::conv1d_stack(x, y); },
             .variants = {{"fused layers",
                           [](float const* x, float const*, float* y) { hand_written::conv1d_stack(x, y); }}},
             .expected = [](float const* x, float const*) { return stack_of(x); },
             .tolerance = 1e-5,
             .bar = bar_of_hand_written},
            {.name = "wavenet_layer_8",
             .size = conv1d_stack::frames,
             .ours = [](float const* x, float const*, float* y) { network_subject::wavenet_layer<8>(x, y); },
             .variants = {{"4 x 2 sums", [](float const* x, float const*, float* y) { wavenet_layer<8, 4, 2>(x, y); }},
                          {"8 x 1 sums", [](float const* x, float const*, float* y) { wavenet_layer<8, 8, 1>(x, y); }},
                          {"2 x 4 sums", [](float const* x, float const*, float* y) { wavenet_layer<8, 2, 4>(x, y); }}},
             .expected = [](float const* x, float const*) { return wavenet_of<8>(x); },
             .tolerance = 1e-4,
             .bar = bar_of_hand_written},
            {.name = "wavenet_layer_3",
             .size = conv1d_stack::frames,
             .ours = [](float const* x, float const*, float* y) { network_subject::wavenet_layer<3>(x, y); },
             .variants = {{"3 x 4 sums", [](float const* x, float const*, float* y) { wavenet_layer<3, 3, 4>(x, y); }},
                          {"3 x 2 sums", [](float const* x, float const*, float* y) { wavenet_layer<3, 3, 2>(x, y); }}},
             .expected = [](float const* x, float const*) { return wavenet_of<3>(x); },
             .tolerance = 1e-4,
             .bar = bar_of_hand_written},
            {.name = "gru_stream",
             .size = gru_stream::frames,
             .ours = [](float const* x, float const*, float* y) { network_subject::gru_stream(x, y); },
             .variants = {{"12 sums", [](float const* x, float const*, float* y) { hand_written::gru_stream(x, y); }}},
             .expected = [](float const* x, float const*) { return gru_of(x); },
             .tolerance = 1e-4,
             .bar = bar_of_hand_written},
            {.name = "conv2d_net.forward",
             .size = 512,
             .ours = [](float const* x, float const*, float* y) { network_subject::conv2d_forward(x, y); },
             .variants = {{"image by image",
                           [](float const* x, float const*, float* y) { hand_written::conv2d_net(x, y); }}},
             .expected = [](float const* x, float const*) { return conv2d_of(x, false); },
             .tolerance = 1e-4,
             .bar = bar_of_hand_written},
            {.name = "conv2d_net.step",
             .size = 512,
             .ours = [](float const* x, float const*, float* to) { network_subject::conv2d_step(x, to); },
             .variants = {},
             .expected = [](float const* x, float const*) { return conv2d_of(x, true); },
             .tolerance = 1e-3,
             .bar = std::nullopt,
             .bars_of_peers = {{"PyTorch", bar_of_training}}}};
}

}  // namespace benchmark
