// Losses, and what helps to train with them: a line through points of which some are far off, by huber, rmsprop and a
// rate that falls by steps; and two classes by binary_cross_entropy_with_logits, gradients clipped by value, the rate
// reduced where the loss no longer falls. Exit status 0 if both are found.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <tuple>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

// Losses of numbers that can be done by hand. How those of the elements become one is an option, and what elements,
// classes and targets of 1 count for are arguments.
bool by_hand() {
    fixed<3> const y{1, 2, 4}, t{1, 4, 1};  // they differ by 0, 2 and 3
    auto const [mean, sum, each] = pm::function([](auto a, auto b) {
        return std::tuple{pm::l1(a, b), pm::l1<pm::reduction<"sum">>(a, b), pm::l1<pm::reduction<"none">>(a, b)};
    })(y, t);
    bool right = std::abs(mean - 5.0f / 3) < 1e-6f && sum == 5 && each(0) == 0 && each(1) == 2 && each(2) == 3;

    // Of two rows the right classes have the probabilities 1/2 and 1/8; the second class counts three times.
    fixed<2, 2> const p{{0.5f, 0.5f}, {0.875f, 0.125f}};
    xt::xtensor_fixed<std::int32_t, xt::xshape<2>> const labels{0, 1};
    fixed<2> const counts{1, 3};
    auto const [of_all, weighed] = pm::function([](auto a, auto b, auto w) {
        return std::tuple{pm::nll(pm::log(a), b), pm::nll(pm::log(a), b, pm::loss_weight(w))};
    })(p, labels, counts);
    right = right && std::abs(of_all - 2 * std::log(2.0f)) < 1e-6f;           // (1 + 3) / 2 bits
    right = right && std::abs(weighed - 10.0f / 4 * std::log(2.0f)) < 1e-6f;  // (1 + 3 * 3) / (1 + 3)

    // A logit of 0 is a probability of 1/2, one bit; where the target is 1 it counts four times.
    fixed<2> const logits{0, 0}, target{1, 0};
    float const rare = pm::function(
        [](auto z, auto b) { return pm::binary_cross_entropy_with_logits(z, b, pm::pos_weight(4)); })(logits, target);
    right = right && std::abs(rare - 5.0f / 2 * std::log(2.0f)) < 1e-6f;
    std::printf("l1 %g, nll %g, weighed %g, of a rare class %g\n", double(mean), double(of_all), double(weighed),
                double(rare));
    return right;
}

int main() {
    // y = 2 x - 1, but for every eighth point.
    fixed<64, 1> x, y, side;
    for (std::size_t k = 0; k < 64; ++k) {
        x(k, 0) = static_cast<float>(k) / 32 - 1;
        y(k, 0) = k % 8 == 3 ? 50.0f : 2 * x(k, 0) - 1;
        side(k, 0) = x(k, 0) > 0.25f ? 1.0f : 0.0f;
    }
    auto line = pm::make<pm::nn::linear<1, 1>>(pm::seed{0});
    auto fit = pm::value_and_grad([](auto& n, auto a, auto b) { return pm::huber(n(a), b, 0.1); }, line);
    pm::optim::rmsprop optimizer{line, {.learning_rate = 0.02}};
    pm::optim::step_schedule const schedule{.every = 200, .factor = 0.3};
    for (int t = 0; t < 1000; ++t) {
        optimizer.learning_rate_factor(schedule(t));
        optimizer.step(fit(x, y).gradient);
    }
    float const slope = line.weight()(0, 0), shift = line.bias()(0);
    std::printf("y = %g x + %g, though an eighth of the points lies elsewhere\n", double(slope), double(shift));

    auto decide = pm::make<pm::nn::linear<1, 1>>(pm::seed{1});
    auto step = pm::value_and_grad(
        [](auto& n, auto a, auto b) { return pm::binary_cross_entropy_with_logits(n(a), b); }, decide);
    pm::optim::sgd descent{decide, {.learning_rate = 20, .momentum = 0.5}};
    pm::optim::reduce_on_plateau plateau{{.factor = 0.5, .patience = 20}};
    for (int t = 0; t < 600; ++t) {
        auto& [value, gradient] = step(x, side);
        pm::optim::clip_by_value(gradient, 0.05);
        descent.step(gradient);
        descent.learning_rate_factor(plateau(value));
    }
    float const border = -decide.bias()(0) / decide.weight()(0, 0);
    // Of probabilities rather than logits, the loss is the same.
    auto const of_probabilities =
        pm::function([](auto& n, auto a, auto b) { return pm::binary_cross_entropy(pm::sigmoid(n(a)), b); }, decide);
    float const loss = of_probabilities(x, side), same = step(x, side).value;
    std::printf("the border lies at %g, the loss is %g and %g\n", double(border), double(loss), double(same));
    return std::abs(slope - 2) < 0.05f && std::abs(shift + 1) < 0.1f && std::abs(border - 0.26f) < 0.03f &&
                   std::abs(loss - same) < 1e-4f && by_hand()
               ? 0
               : 1;
}
