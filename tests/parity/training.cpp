// Optimizers, clipping and schedules, for training.py: each line a name and numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include "training.hpp"

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using layer = pm::nn::linear<3, 2, pm::element_type<double>>;
constexpr auto squares = [](auto& n, auto x, auto t) { return pm::mse(n(x), t); };

// The weight after 30 steps.
void steps(char const* name, auto make, auto before_step) {
    layer net;
    array<2, 3> w;
    array<2> b;
    fill(w, 5, 7, 0.25, -0.5);
    fill(b, 3, 5, 0.5, -0.25);
    net.weight = w;
    net.bias = b;
    array<4, 3> x;
    array<4, 2> t;
    fill(x, 7, 11, 0.25, -1);
    fill(t, 3, 7, 0.5, -1);
    auto step = pm::value_and_grad(squares, net);
    auto optimizer = make(net);
    for (int k = 0; k < 30; ++k) {
        auto& [value, gradient] = step(x, t);
        before_step(optimizer, gradient, k, value);
        optimizer.step(gradient);
    }
    auto const after = net.weight();
    auto const bias = net.bias();
    std::vector<double> all(after.begin(), after.end());
    all.insert(all.end(), bias.begin(), bias.end());
    line(name, all);
}

int main() {
    namespace optim = pm::optim;
    write_losses();

    auto const nothing = [](auto&...) {};
    auto const plain = [nothing](auto& o, auto& g, int, double) { nothing(o, g); };
    steps("adamw", [](auto& n) { return optim::adamw{n, {.learning_rate = 0.05}}; }, plain);
    steps("adamw_decay", [](auto& n) { return optim::adamw{n, {.learning_rate = 0.05, .weight_decay = 0.3}}; }, plain);
    steps("rmsprop", [](auto& n) { return optim::rmsprop{n}; }, plain);
    steps(
        "rmsprop_all",
        [](auto& n) {
            return optim::rmsprop{
                n, {.learning_rate = 0.02, .smoothing = 0.9, .weight_decay = 0.1, .momentum = 0.5, .centered = true}};
        },
        plain);
    steps(
        "nesterov",
        [](auto& n) {
            return optim::sgd{n, {.learning_rate = 0.05, .momentum = 0.8, .weight_decay = 0.1, .nesterov = true}};
        },
        plain);
    steps(
        "adam_amsgrad", [](auto& n) { return optim::adam{n, {.learning_rate = 0.1, .beta2 = 0.6, .amsgrad = true}}; },
        plain);
    steps(
        "adam_maximize",
        [](auto& n) { return optim::adam{n, {.learning_rate = 0.01, .weight_decay = 0.1, .maximize = true}}; }, plain);
    steps(
        "adamw_all",
        [](auto& n) {
            return optim::adamw{
                n, {.learning_rate = 0.1, .beta2 = 0.6, .weight_decay = 0.3, .amsgrad = true, .maximize = true}};
        },
        plain);
    steps(
        "rmsprop_maximize",
        [](auto& n) { return optim::rmsprop{n, {.learning_rate = 0.01, .weight_decay = 0.1, .maximize = true}}; },
        plain);
    steps(
        "dampening",
        [](auto& n) {
            return optim::sgd{n, {.learning_rate = 0.05, .momentum = 0.8, .weight_decay = 0.1, .dampening = 0.3}};
        },
        plain);
    steps(
        "sgd_maximize",
        [](auto& n) {
            return optim::sgd{n, {.learning_rate = 0.01, .momentum = 0.5, .weight_decay = 0.1, .maximize = true}};
        },
        plain);
    auto const sgd = [](auto& n) { return optim::sgd{n, {.learning_rate = 0.2}}; };
    steps("clip_by_norm", sgd, [](auto&, auto& g, int, double) { optim::clip_by_norm(g, 0.3); });
    steps("clip_by_value", sgd, [](auto&, auto& g, int, double) { optim::clip_by_value(g, 0.1); });
    steps("step_schedule", sgd, [](auto& o, auto&, int k, double) {
        o.learning_rate_factor(optim::step_schedule{.every = 7, .factor = 0.5}(k));
    });
    steps("cosine_schedule", sgd, [](auto& o, auto&, int k, double) {
        o.learning_rate_factor(optim::cosine_schedule{.steps = 20, .warm_up = 6, .least = 0.125}(k));
    });
    std::vector<double> factors;
    optim::reduce_on_plateau plateau{{.factor = 0.5, .threshold = 0.01, .least = 0.1, .patience = 2, .cooldown = 1}};
    for (int k = 0; k < 40; ++k)
        factors.push_back(plateau(k < 5 ? 2.0 - 0.25 * k : 1 - 0.001 * k + (k == 20 ? -0.5 : 0)));
    line("reduce_on_plateau", factors);
}
