// A classifier of noisy points, some of whose labels are wrong and some missing: dropout, smoothed labels, decoupled
// weight decay, a clipped gradient summed over two halves of a batch, and a rate that warms up and falls along a
// cosine. Exit status 0 if most points that were not seen are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<2, 32>, pm::nn::relu, pm::nn::dropout<0.1>, pm::nn::linear<32, 3>>;
constexpr std::size_t half = 32;
using points = xt::xtensor_fixed<float, xt::xshape<half, 2>>;
using labels = xt::xtensor_fixed<std::int32_t, xt::xshape<half>>;

// Three arms of a spiral. With `faults`, a tenth of the labels are wrong, another tenth missing.
void draw(pm::random& source, points& x, labels& l, bool faults) {
    for (std::size_t i = 0; i < half; ++i) {
        int const arm = source.below(3);
        double const r = source.uniform(0.1, 1), angle = 2.1 * arm + 2 * r + source.uniform(-0.2, 0.2);
        x(i, 0) = static_cast<float>(r * std::cos(angle));
        x(i, 1) = static_cast<float>(r * std::sin(angle));
        double const fault = source.uniform(0, 1);
        l(i) = faults && fault < 0.1 ? -100 : faults && fault < 0.2 ? source.below(3) : arm;
    }
}

int main() {
    auto net = pm::make<model>(pm::seed{0});
    // [options]
    auto step = pm::value_and_grad(
        [](auto& n, auto x, auto l) {
            return pm::cross_entropy<pm::label_smoothing<0.05>, pm::ignore_index<-100>>(n(x), l);
        },
        net);
    pm::optim::adamw optimizer{net, {.learning_rate = 2e-2, .weight_decay = 1e-3}};
    optimizer.group<"0.bias">({.learning_rate = 2e-2, .weight_decay = 0});
    pm::optim::cosine_schedule const schedule{.steps = 700, .warm_up = 50};
    // [options]

    pm::random source{1};
    points x;
    labels l;
    double longest = 0;
    for (int t = 0; t < 750; ++t) {
        // [step]
        pm::gradients<model> sum;
        for (int part = 0; part < 2; ++part) {
            draw(source, x, l, true);
            sum += step(x, l).gradient;
        }
        sum *= 0.5F;
        longest = std::fmax(longest, pm::optim::clip_by_norm(sum, 0.25));
        optimizer.learning_rate_factor(schedule(t));
        optimizer.step(sum);
        // [step]
    }

    int right = 0, all = 0;
    for (int k = 0; k < 20; ++k) {
        draw(source, x, l, false);
        auto const y = net(x);  // on arrays, so without dropout
        for (std::size_t i = 0; i < half; ++i, ++all) {
            std::size_t best = 0;
            for (std::size_t c = 1; c < 3; ++c)
                if (y(i, c) > y(i, best)) best = c;
            right += std::int32_t(best) == l(i);
        }
    }
    std::printf("%d of %d points are right; the longest gradient had norm %.2f\n", right, all, longest);
    return right > all * 9 / 10 && longest > 0.25 ? 0 : 1;
}
