// A small convolutional network that tells strokes in images of 8 x 8 pixels apart: its first filters are orthogonal,
// seen as the matrix [8, 9] of filters and pixels, its second ones have weight_norm. Trained on strokes that are drawn
// here: bars that stand, bars that lie, and crosses, at random places and in noise. After training the filters are
// still orthonormal, and nearly all strokes of another draw are told. Exit status 0 if so.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
namespace nn = pm::nn;

constexpr int batch = 16, filters = 8;

using edges =
    nn::conv2d<1, filters, 3, pm::padding<pm::same>, pm::input_size<8, 8>, pm::weight<pm::param::orthogonal<>>>;
using shapes = nn::conv2d<filters, 12, 3, pm::weight<pm::param::weight_norm<>>>;
using model = nn::sequential<edges, nn::relu, nn::max_pool2d<2>, shapes, nn::relu, nn::adaptive_avg_pool2d<1>,
                             nn::flatten<>, nn::linear<12, 3>>;

using images = xt::xtensor_fixed<float, xt::xshape<batch, 1, 8, 8>>;
using labels = xt::xtensor_fixed<std::int32_t, xt::xshape<batch>>;

void draw(pm::random& source, images& x, labels& t) {
    for (float& e : x) e = 0.3f * static_cast<float>(source.uniform(-1, 1));
    for (std::size_t n = 0; n < batch; ++n) {
        t(n) = static_cast<std::int32_t>(source.below(3));
        auto const row = 2 + static_cast<std::size_t>(source.below(4)),
                   column = 2 + static_cast<std::size_t>(source.below(4));
        for (std::size_t k = 0; k < 5; ++k) {
            if (t(n) != 1) x(n, 0, row + k - 2, column) = 1;
            if (t(n) != 0) x(n, 0, row, column + k - 2) = 1;
        }
    }
}

int main() {
    auto net = pm::make<model>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::cross_entropy(n(x), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};

    pm::random source{1};
    images x;
    labels t;
    for (int k = 0; k < 200; ++k) {
        draw(source, x, t);
        auto& [value, gradient] = step(x, t);
        optimizer.step(gradient);
        if (k % 40 == 0 || k == 199) std::printf("step %3d: loss %.4f\n", k, double(value));
    }

    int right = 0, all = 0;
    for (int k = 0; k < 8; ++k) {
        draw(source, x, t);
        auto const scores = net(x);
        for (std::size_t n = 0; n < batch; ++n, ++all) {
            std::size_t best = 0;
            for (std::size_t c = 1; c < 3; ++c)
                if (scores(n, c) > scores(n, best)) best = c;
            right += best == static_cast<std::size_t>(t(n));
        }
    }
    std::printf("%d of %d strokes are told\n", right, all);

    auto const w = pm::get<0>(net).weight();  // [8, 1, 3, 3]
    float off = 0;
    for (std::size_t i = 0; i < filters; ++i)
        for (std::size_t j = 0; j < filters; ++j) {
            float dot = i == j ? -1.0f : 0.0f;
            for (std::size_t k = 0; k < 9; ++k) dot += w(i, 0, k / 3, k % 3) * w(j, 0, k / 3, k % 3);
            if (auto const d = std::abs(dot); d > off || d != d) off = d;
        }
    std::printf("the filters are orthonormal but for %g\n", double(off));
    return right >= all * 9 / 10 && off < 1e-5f ? 0 : 1;
}
