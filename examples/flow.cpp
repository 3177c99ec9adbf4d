// A density of points that no Gaussian has: a normalizing flow learns two moons by maximum likelihood. Layers that the
// type proves invertible carry points to a standard Gaussian; pm::log_abs_det corrects the density on the way, and
// pm::inverse carries Gaussian points back, which are new points of the moons. Exit status 0 if points that were not
// seen are much more likely than under the best Gaussian, and samples come back.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <numbers>

#include <paramorph/invert.hpp>
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

constexpr double log_two_pi = 1.8378770664093453;

// [flow]
using net = pm::nn::sequential<pm::nn::linear<1, 32>, pm::nn::tanh, pm::nn::linear<32, 2>>;
using mix = pm::nn::linear<2, 2, pm::weight<pm::param::orthogonal<>>>;
using flow = pm::nn::sequential<mix, pm::nn::coupling<2, 1, net>, pm::nn::coupling<2, -1, net>,  //
                                mix, pm::nn::coupling<2, 1, net>, pm::nn::coupling<2, -1, net>,  //
                                mix, pm::nn::coupling<2, 1, net>, pm::nn::coupling<2, -1, net>>;
static_assert(pm::proved<pm::claim::invertible, flow>);

// The mean of -log p over a batch x, in nats: z is standard Gaussian.
constexpr auto nats = [](auto& n, auto x) {
    auto const [z, log_det] = pm::value_and_log_abs_det(n, x);
    return pm::mean(0.5 * pm::sum<1>(pm::square(z)) - log_det) + log_two_pi;
};
// [flow]

static_assert(pm::invertible<flow> && !pm::invertible<net>);  // to ask, where `proved` is the compiler's error

using batch = xt::xtensor_fixed<float, xt::xshape<128, 2>>;

double normal(pm::random& numbers) {
    return std::sqrt(-2 * std::log(1 - numbers.uniform(0, 1))) * std::cos(2 * std::numbers::pi * numbers.uniform(0, 1));
}
// Two half circles, one in the other, with noise.
void draw_moons(pm::random& numbers, auto& x) {
    for (std::size_t i = 0; i < x.shape()[0]; ++i) {
        double const angle = numbers.uniform(0, std::numbers::pi);
        bool const upper = numbers.below(2) == 0;
        x(i, 0) = static_cast<float>((upper ? std::cos(angle) : 1 - std::cos(angle)) + 0.05 * normal(numbers));
        x(i, 1) = static_cast<float>((upper ? std::sin(angle) : 0.5 - std::sin(angle)) + 0.05 * normal(numbers));
    }
}

// The mean of -log p of points under the Gaussian with their own mean and covariance, which no Gaussian is below.
double nats_of_gaussian(auto const& x) {
    double const n = double(x.shape()[0]);
    double mean[2]{}, c[3]{};
    for (std::size_t i = 0; i < x.shape()[0]; ++i)
        for (std::size_t k = 0; k < 2; ++k) mean[k] += x(i, k) / n;
    for (std::size_t i = 0; i < x.shape()[0]; ++i) {
        double const a = x(i, 0) - mean[0], b = x(i, 1) - mean[1];
        c[0] += a * a / n;
        c[1] += a * b / n;
        c[2] += b * b / n;
    }
    return 1 + log_two_pi + 0.5 * std::log(c[0] * c[2] - c[1] * c[1]);
}
double nats_of_flow(flow const& f, auto const& x) {
    auto const z = f(x);
    auto const log_det = pm::log_abs_det(f, x);
    double total = 0;
    for (std::size_t i = 0; i < x.shape()[0]; ++i)
        total += 0.5 * (double(z(i, 0)) * z(i, 0) + double(z(i, 1)) * z(i, 1)) - log_det(i);
    return total / double(x.shape()[0]) + log_two_pi;
}

int main() {
    auto f = pm::make<flow>(pm::seed{0});
    auto step = pm::value_and_grad(nats, f);
    pm::optim::adam optimizer{f, {.learning_rate = 4e-3}};
    pm::optim::cosine_schedule const schedule{.steps = 2500, .warm_up = 50};
    pm::random numbers{pm::seed{1}};
    batch x;
    for (int i = 0; i < 2500; ++i) {
        draw_moons(numbers, x);
        auto& [value, gradient] = step(x);
        pm::optim::clip_by_norm(gradient, 5);
        optimizer.learning_rate_factor(schedule(i));
        optimizer.step(gradient);
        if (i % 500 == 0) std::printf("step %4d: %.3f nats\n", i, double(value));
    }

    auto unseen = xt::xtensor<float, 2>::from_shape({2000, 2});
    draw_moons(numbers, unseen);
    double const learned = nats_of_flow(f, unseen), gaussian = nats_of_gaussian(unseen);

    // [sample]
    auto const frozen = pm::freeze(f);
    auto z = xt::xtensor<float, 2>::from_shape({1000, 2});
    for (float& e : z) e = static_cast<float>(normal(numbers));
    auto const samples = pm::inverse(frozen)(z);  // new points of the moons
    auto const again = frozen(samples);           // and back
    // [sample]

    // How far each sample lies from the half circles, in their plane; the noise has a deviation of 0.05.
    double apart = 0;
    int near = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
        double least = 1e9;
        for (int k = 0; k <= 200; ++k) {
            double const a = std::numbers::pi * k / 200;
            least = std::fmin(least, std::hypot(samples(i, 0) - std::cos(a), samples(i, 1) - std::sin(a)));
            least = std::fmin(least, std::hypot(samples(i, 0) - 1 + std::cos(a), samples(i, 1) - 0.5 + std::sin(a)));
        }
        near += least < 0.2;
        for (std::size_t k = 0; k < 2; ++k)
            if (double const d = std::abs(double(again(i, k)) - z(i, k)); d > apart || d != d) apart = d;
    }
    std::printf("points that were not seen: %.3f nats, under the best Gaussian %.3f\n", learned, gaussian);
    std::printf("of 1000 samples %d lie on the moons; they come back within %.1e\n", near, apart);
    return learned < gaussian - 0.8 && near > 900 && apart < 1e-3 ? 0 : 1;
}
