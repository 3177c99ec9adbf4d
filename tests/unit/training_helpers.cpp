// Clipping, schedules and the newer optimizers: what they refuse, and what PyTorch's values (tests/parity/training.py)
// do not show.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>

#include "../catch.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/clip.hpp"
#include "paramorph/optim/rmsprop.hpp"
#include "paramorph/optim/schedules.hpp"
#include "paramorph/optim/sgd.hpp"

namespace pm = paramorph;
namespace optim = pm::optim;
using Catch::Matchers::ContainsSubstring;

namespace {

using layer = pm::nn::linear<2, 1>;
constexpr float infinity = std::numeric_limits<float>::infinity(), no_number = std::numeric_limits<float>::quiet_NaN();

pm::gradients<layer> gradient_of(float a, float b, float c) {
    pm::gradients<layer> g;
    float const all[]{a, b, c};
    std::copy(all, all + 3, g.begin());
    return g;
}

}  // namespace

TEST_CASE("clip_by_norm: scales what is longer, and gives the norm", "[clip]") {
    auto g = gradient_of(3, 0, -4);
    CHECK(optim::clip_by_norm(g, 10) == Approx(5));
    CHECK(g.flat() == std::vector<float>{3, 0, -4});
    CHECK(optim::clip_by_norm(g, 1) == Approx(5));
    CHECK(g.flat()[2] == Approx(-0.8));
    CHECK(optim::clip_by_norm(g, 0) == Approx(1));
    for (float const v : g) CHECK(v == 0);
    CHECK(optim::clip_by_norm(g, 1) == 0);
}

TEST_CASE("clip_by_norm: neither overflows nor hides what is not finite", "[clip]") {
    auto large = gradient_of(3e38f, 3e38f, 3e38f), small = gradient_of(1e-40f, 0, 0);
    CHECK(optim::clip_by_norm(large, 1) == Approx(3e38 * std::sqrt(3.0)));
    CHECK(large.flat()[0] == Approx(1 / std::sqrt(3.0)));
    CHECK(optim::clip_by_norm(small, 1) == Approx(1e-40).epsilon(1e-4));
    auto bad = gradient_of(1, infinity, 2);
    CHECK(std::isinf(optim::clip_by_norm(bad, 1)));
    CHECK((bad.flat()[0] == 0 && std::isnan(bad.flat()[1])));
    auto kept = gradient_of(1, infinity, 2);
    CHECK(std::isinf(optim::clip_by_norm(kept, infinity)));
    CHECK((kept.flat()[0] == 1 && kept.flat()[1] == infinity));
    auto worse = gradient_of(1, no_number, 2);
    CHECK(std::isnan(optim::clip_by_norm(worse, 1)));
    CHECK(std::isnan(worse.flat()[0]));
}

TEST_CASE("clip_by_norm: a factor that does not fit, and a norm that does not", "[clip]") {
    auto large = gradient_of(3e37f, 0, -4e37f);
    CHECK(optim::clip_by_norm(large, 5e-10) == Approx(5e37));
    CHECK((large.flat()[0] == Approx(3e-10) && large.flat()[1] == 0 && large.flat()[2] == Approx(-4e-10)));
    using wide = pm::nn::linear<2, 1, pm::no_bias, pm::element_type<double>>;
    pm::gradients<wide> g;
    for (double& v : g) v = 1.5e308;
    CHECK(std::isinf(optim::clip_by_norm(g, 1)));
    for (double const v : g) CHECK(v == Approx(std::sqrt(0.5)));
}

TEST_CASE("clip: a bound that is none is refused, and nothing changes", "[clip]") {
    auto g = gradient_of(3, 0, -4);
    CHECK_THROWS_WITH(optim::clip_by_norm(g, -1), ContainsSubstring("clip_by_norm: the largest norm must be"));
    CHECK_THROWS_WITH(optim::clip_by_value(g, no_number),
                      ContainsSubstring("clip_by_value: the largest value must be"));
    CHECK(g.flat() == std::vector<float>{3, 0, -4});
    optim::clip_by_value(g, 1);
    CHECK(g.flat() == std::vector<float>{1, 0, -1});
}

TEST_CASE("schedules: their ends, and options out of range", "[schedules]") {
    optim::cosine_schedule const cosine{.steps = 10, .warm_up = 4, .least = 0.25, .first = 0};
    CHECK((cosine(0) == 0 && cosine(2) == 0.5 && cosine(4) == 1 && cosine(9) == Approx(0.625)));
    CHECK((cosine(14) == 0.25 && cosine(1'000'000'000'000) == 0.25));
    CHECK((optim::step_schedule{.every = 3}(2) == 1 && optim::step_schedule{.every = 3}(3) == Approx(0.1)));
    CHECK_THROWS_WITH(optim::step_schedule{.every = 0}(1), ContainsSubstring("step_schedule: every must be positive"));
    CHECK_THROWS_WITH((optim::cosine_schedule{.steps = 0}(1)), ContainsSubstring("cosine_schedule: steps must be"));
    CHECK_THROWS_WITH(cosine(-1), ContainsSubstring("cosine_schedule: steps must be"));
    optim::reduce_on_plateau wrong{{.factor = 1}};
    CHECK_THROWS_WITH(wrong(1), ContainsSubstring("reduce_on_plateau: factor must lie in [0, 1)"));
}

TEST_CASE("reduce_on_plateau: what is not a number is no improvement", "[schedules]") {
    optim::reduce_on_plateau plateau{{.factor = 0.5, .patience = 1}};
    CHECK(plateau(no_number) == 1);
    CHECK(plateau(no_number) == 0.5);
    CHECK(plateau(3) == 0.5);
    CHECK((plateau.best == 3 && plateau(2.9999) == 0.5 && plateau.bad == 1));
}

TEST_CASE("adamw and rmsprop: options are refused as adam's, and groups have their own", "[optimizers]") {
    auto net = pm::make<layer>(pm::seed{1});
    CHECK_THROWS_WITH((optim::adamw{net, {.weight_decay = -1}}), ContainsSubstring("weight_decay is -1"));
    CHECK_THROWS_WITH((optim::rmsprop{net, {.epsilon = 0}}), ContainsSubstring("rmsprop: epsilon must be positive"));
    CHECK_THROWS_WITH((optim::rmsprop{net, {.smoothing = 1.5}}),
                      ContainsSubstring("rmsprop: smoothing must lie in [0, 1]"));
    CHECK_THROWS_WITH((optim::sgd{net, {.nesterov = true}}), ContainsSubstring("sgd: nesterov takes a momentum"));
    auto const before = net.weight();
    auto const bias = net.bias();
    optim::rmsprop optimizer{net, {.learning_rate = 0}};
    optimizer.group<"bias">({.learning_rate = 0.5, .momentum = 0.5});
    optimizer.step(gradient_of(1, 1, 1));
    CHECK(net.weight() == before);
    CHECK(net.bias()(0) == Approx(bias(0) - 0.5 / 0.1));
    optim::adamw decays{net, {.learning_rate = 0.1, .weight_decay = 0.5}};
    auto const later = net.weight();
    decays.step(gradient_of(0, 0, 0));
    CHECK(net.weight()(0, 0) == Approx(0.95 * later(0, 0)));
}

namespace {

// The weight of a network of type T after steps with these gradients; it was 1.
template <class T, class Make>
double stepped(Make make, std::initializer_list<std::pair<double, int>> all) {
    using one = pm::nn::linear<1, 1, pm::no_bias, pm::element_type<T>>;
    one net{pm::seed{1}};
    net.weight = xt::ones<T>({1, 1});
    auto optimizer = make(net);
    pm::gradients<one> g;
    for (auto const& [value, times] : all)
        for (int n = 0; n < times; ++n) {
            *g.begin() = static_cast<T>(value);
            optimizer.step(g);
        }
    return double(net.weight()(0, 0));
}

}  // namespace

TEST_CASE("adam and rmsprop: a gradient whose square does not fit stops nothing", "[optimizers]") {
    auto const adam = [](auto& net) { return optim::adam{net, {.learning_rate = 0.01, .beta2 = 0.9}}; };
    auto const rmsprop = [](auto& net) { return optim::rmsprop{net, {.learning_rate = 0.01, .smoothing = 0.9}}; };
    auto const centred = [](auto& net) {
        return optim::rmsprop{net, {.learning_rate = 0.01, .smoothing = 0.9, .centered = true}};
    };
    for (double const huge : {1e30, -3e38}) {
        CHECK(stepped<float>(adam, {{huge, 5}}) == Approx(stepped<double>(adam, {{huge, 5}})));
        CHECK(stepped<float>(rmsprop, {{huge, 5}}) == Approx(stepped<double>(rmsprop, {{huge, 5}})));
        CHECK(stepped<float>(centred, {{huge, 5}}) == Approx(stepped<double>(centred, {{huge, 5}})));
        // It is forgotten: 2^126 times 0.9^1000 is 1e-8.
        double const before = stepped<float>(adam, {{huge, 1}, {1, 1000}});
        CHECK(before - stepped<float>(adam, {{huge, 1}, {1, 1010}}) == Approx(0.1).epsilon(1e-3));
        double const then = stepped<float>(rmsprop, {{huge, 1}, {1, 1000}});
        CHECK(then - stepped<float>(rmsprop, {{huge, 1}, {1, 1010}}) == Approx(0.1).epsilon(1e-3));
    }
    CHECK(stepped<double>(adam, {{1e300, 5}}) == Approx(1 - 0.05));
    CHECK(std::isnan(stepped<float>(adam, {{infinity, 1}})));
    CHECK(std::isnan(stepped<float>(rmsprop, {{no_number, 1}})));
}

TEST_CASE("rmsprop: a centered mean square that rounding makes negative", "[optimizers]") {
    auto const centred = [](auto& net) { return optim::rmsprop{net, {.epsilon = 1, .centered = true}}; };
    // The variance of equal gradients is 0, so that a step is the rate times the gradient.
    for (double const g : {0.1, 0.3, 7.7}) {
        double const before = stepped<float>(centred, {{g, 3000}}), after = stepped<float>(centred, {{g, 3100}});
        CHECK(before - after == Approx(g).epsilon(2e-3));
    }
}

// What is centered by a difference takes the root of a negative number after some hundred steps.
TEST_CASE("rmsprop: the variance of a gradient that hardly changes is what it is", "[optimizers]") {
    auto net = pm::make<layer>(pm::seed{1});
    auto const begin = net.bias()(0);
    optim::rmsprop optimizer{net, {.learning_rate = 1e-5, .smoothing = 0.99, .epsilon = 1e-8, .centered = true}};
    float const g = 0.3f;
    double moved = 0, kept = 1;
    for (int k = 0; k < 1000; ++k) {
        optimizer.step(gradient_of(-1e-3f, 3e4f, g));
        kept *= 0.99;
        moved += 1e-5 * double(g) / (std::sqrt(kept * (1 - kept)) * double(g) + 1e-8);
    }
    CHECK(net.bias()(0) == Approx(begin - moved).epsilon(1e-4));
    CHECK((std::isfinite(net.weight()(0, 0)) && std::isfinite(net.weight()(0, 1))));
}

TEST_CASE("rmsprop: an original that is centered no more goes on from the mean of its squares", "[optimizers]") {
    auto net = pm::make<layer>(pm::seed{1}), other = net;
    optim::rmsprop switched{net, {.smoothing = 0.5, .centered = true}}, plain{other, {.smoothing = 0.5}};
    for (float const g : {1.0f, -3.0f, 0.5f}) {
        switched.step(gradient_of(g, 2 * g, -g));
        plain.step(gradient_of(g, 2 * g, -g));
    }
    switched.group<"">({.smoothing = 0.5});
    auto const a = net.weight(), b = other.weight();
    switched.step(gradient_of(1, 2, 3));
    plain.step(gradient_of(1, 2, 3));
    for (std::size_t k : {0, 1}) CHECK(net.weight()(0, k) - a(0, k) == Approx(other.weight()(0, k) - b(0, k)));
}
