// Runs on the host: trains a network that tells which of four tones a window of sixteen samples holds, and writes it,
// `train MODEL_HEADER SAMPLES_HEADER`. Replace it by your own network and data; a network trained elsewhere need only
// be filled, tensor by tensor, before it is written.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

namespace pm = paramorph;

constexpr int width = 16, tones = 4, batch = 32, shown = 64;

// Its first weight is orthogonal: it keeps a window's energy.
using network = pm::nn::sequential<pm::nn::linear<width, width, pm::weight<pm::param::skew, pm::param::cayley>>,
                                   pm::nn::relu, pm::nn::linear<width, tones>>;
struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::cross_entropy(net(x), t); }
};

// A tone of random phase and strength in noise.
int draw(pm::random& numbers, float* window) {
    int const tone = numbers.below(tones);
    double const phase = numbers.uniform(0, 6.283185), strength = numbers.uniform(0.5, 1);
    for (int i = 0; i < width; ++i)
        window[i] = static_cast<float>(strength * std::sin(phase + 0.4 * (tone + 1) * i) + numbers.uniform(-0.2, 0.2));
    return tone;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: train MODEL_HEADER SAMPLES_HEADER\n");
        return EXIT_FAILURE;
    }
    auto net = pm::make<network>(pm::seed{1});
    auto step = pm::value_and_grad(loss{}, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};
    pm::random numbers{pm::seed{2}};
    xt::xtensor_fixed<float, xt::xshape<batch, width>> x;
    xt::xtensor_fixed<std::int32_t, xt::xshape<batch>> t;
    for (int n = 0; n < 800; ++n) {
        for (std::size_t k = 0; k < batch; ++k) t(k) = draw(numbers, x.data() + k * width);
        optimizer.step(step(x, t).gradient);
    }
    pm::write_header(net, argv[1]);

    // Windows that the network has not seen, and what it makes of them here.
    auto const frozen = pm::freeze(net);
    auto windows = xt::xtensor<float, 2>::from_shape({shown, width});
    std::ofstream samples(argv[2]);
    samples << std::hexfloat << "#pragma once\ninline constexpr int shown = " << shown
            << ";\ninline constexpr float windows[shown][" << width << "] = {\n";
    int right = 0;
    std::vector<int> drawn;
    for (std::size_t k = 0; k < shown; ++k) {
        drawn.push_back(draw(numbers, windows.data() + k * width));
        samples << "    {";
        for (std::size_t i = 0; i < width; ++i) samples << windows(k, i) << "f, ";
        samples << "},\n";
    }
    samples << "};\ninline constexpr int on_the_host[shown] = {";
    auto const logits = frozen(windows);
    for (std::size_t k = 0; k < shown; ++k) {
        auto const* const row = logits.data() + k * tones;
        int const heard = static_cast<int>(std::max_element(row, row + tones) - row);
        samples << heard << ", ";
        right += heard == drawn[k];
    }
    samples << "};\n";
    std::printf("%d of %d tones are told on the host\n", right, shown);
    return samples.flush() && right > shown * 9 / 10 ? EXIT_SUCCESS : EXIT_FAILURE;
}
