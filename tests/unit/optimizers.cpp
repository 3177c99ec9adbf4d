// value_and_grad and the optimizers: the gradient of a hand-computed example and of networks, sgd and adam against
// their formulas.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

using layer = pm::nn::linear<2, 2, pm::weight<pm::param::symmetric>, pm::element_type<double>>;
using input = xt::xtensor_fixed<double, xt::xshape<3, 2>>;

constexpr auto squared = [](auto& net, auto x, auto t) { return pm::mse(net(x), t); };
input const x{{1, 2}, {-1, 0.5}, {0, 3}}, t{{1, 0}, {0, 1}, {2, -1}};

// All originals, in member order.
std::vector<double> originals(layer const& m) {
    std::vector<double> p(m.weight.original().begin(), m.weight.original().end());
    p.insert(p.end(), m.bias.original().begin(), m.bias.original().end());
    return p;
}
void expect_near(std::vector<double> const& a, std::vector<double> const& b, double tolerance = 1e-14) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) <= tolerance);
}

}  // namespace

TEST_CASE("value_and_grad: value and gradient by hand", "[behaviour-8]") {
    layer net{pm::seed{2}};
    auto step = pm::value_and_grad(squared, net);
    auto const& [value, gradient] = step(x, t);
    auto const w = net.weight();
    double loss = 0, dw[2][2]{}, db[2]{};
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t i = 0; i < 2; ++i) {
            double const e = w(i, 0) * x(r, 0) + w(i, 1) * x(r, 1) + net.bias()(i) - t(r, i);
            loss += e * e / 6;
            db[i] += e / 3;
            for (std::size_t j = 0; j < 2; ++j) dw[i][j] += e / 3 * x(r, j);
        }
    CHECK(std::abs(value - loss) < 1e-15);
    // The free entries are the upper triangle: 0, 0; 0, 1 with its mirror image; 1, 1. Below nothing arrives.
    expect_near(gradient.flat(), {dw[0][0], dw[0][1] + dw[1][0], 0, dw[1][1], db[0], db[1]});
}

TEST_CASE("value_and_grad: the gradient of a network against finite differences", "[behaviour-8]") {
    using model = pm::nn::sequential<
        pm::nn::linear<3, 3, pm::weight<pm::param::skew, pm::param::cayley>, pm::element_type<double>>, pm::nn::tanh,
        pm::nn::linear<3, 2, pm::element_type<double>>>;
    auto net = pm::make<model>(pm::seed{1});
    auto const loss = [](auto& m, auto in, auto labels) { return pm::cross_entropy(m(in), labels); };
    auto step = pm::value_and_grad(loss, net);
    xt::xtensor_fixed<double, xt::xshape<2, 3>> const in{{1, -0.5, 2}, {0.25, 1, -1}};
    xt::xtensor_fixed<std::int32_t, xt::xshape<2>> const labels{1, 0};
    auto const gradient = step(in, labels).gradient.flat();
    std::size_t k = 0;
    pm::for_each_tensor(net, [&](auto& tensor) {
        for (double& p : tensor.original()) {
            double const kept = p, h = 1e-5;
            p = kept + h;
            double const up = step(in, labels).value;
            p = kept - h;
            double const down = step(in, labels).value;
            p = kept;
            CHECK(std::abs((up - down) / (2 * h) - gradient[k++]) < 1e-8);
        }
    });
    CHECK(k == gradient.size());
    CHECK_THROWS_AS(step(in, xt::xtensor_fixed<std::int32_t, xt::xshape<2>>{2, 0}), pm::error);
}

TEST_CASE("sgd: plain, with weight decay, with momentum", "[behaviour-8]") {
    for (auto const& [momentum, decay] : {std::pair{0.0, 0.0}, {0.0, 0.1}, {0.9, 0.0}, {0.9, 0.1}}) {
        layer net{pm::seed{2}};
        auto step = pm::value_and_grad(squared, net);
        pm::optim::sgd optimizer{net, {.learning_rate = 0.05, .momentum = momentum, .weight_decay = decay}};
        auto p = originals(net);
        std::vector<double> v(p.size());
        for (int n = 0; n < 4; ++n) {
            auto const& gradient = step(x, t).gradient;
            auto const g = gradient.flat();
            optimizer.step(gradient);
            for (std::size_t i = 0; i < p.size(); ++i) {
                v[i] = momentum * v[i] + g[i] + decay * p[i];
                p[i] -= 0.05 * v[i];
            }
            expect_near(originals(net), p);
        }
        CHECK(net.weight()(0, 1) == net.weight()(1, 0));
    }
}

TEST_CASE("adam: against its formula, with and without weight decay") {
    for (double decay : {0.0, 0.1}) {
        layer net{pm::seed{2}};
        auto step = pm::value_and_grad(squared, net);
        pm::optim::adam optimizer{
            net, {.learning_rate = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6, .weight_decay = decay}};
        auto p = originals(net);
        std::vector<double> m(p.size()), v(p.size());
        for (int n = 1; n <= 5; ++n) {
            auto const& gradient = step(x, t).gradient;
            auto const g = gradient.flat();
            optimizer.step(gradient);
            for (std::size_t i = 0; i < p.size(); ++i) {
                double const d = g[i] + decay * p[i];
                m[i] = 0.8 * m[i] + 0.2 * d;
                v[i] = 0.95 * v[i] + 0.05 * d * d;
                p[i] -= 0.02 * (m[i] / (1 - std::pow(0.8, n))) / (std::sqrt(v[i] / (1 - std::pow(0.95, n))) + 1e-6);
            }
            expect_near(originals(net), p, 1e-13);
        }
    }
}

TEST_CASE("optimizers: a factor of all learning rates") {
    auto const run = []<class Optimizer>(std::type_identity<Optimizer>, auto plain, auto group) {
        layer net{pm::seed{2}}, other{pm::seed{2}};
        Optimizer a{net, plain}, b{other, plain};
        a.template group<"bias">(group);
        b.template group<"bias">(group);
        auto step = pm::value_and_grad(squared, net), other_step = pm::value_and_grad(squared, other);
        for (double const factor : {1.0, 0.25, 0.0, 2.0}) {
            auto options = plain, of_group = group;
            options.learning_rate *= factor;
            of_group.learning_rate *= factor;
            b.template group<"weight">(options);
            b.template group<"bias">(of_group);
            a.learning_rate_factor(factor);
            auto const before = originals(net);
            a.step(step(x, t).gradient);
            b.step(other_step(x, t).gradient);
            CHECK(originals(net) == originals(other));
            CHECK((originals(net) == before) == (factor == 0));
        }
        for (double const wrong :
             {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), 1e7})
            CHECK_THROWS_AS(a.learning_rate_factor(wrong), pm::error);
        auto const before = originals(net);
        a.step(step(x, t).gradient);
        b.step(other_step(x, t).gradient);  // it is still 2
        CHECK(originals(net) == originals(other));
        CHECK(originals(net) != before);
    };
    run(std::type_identity<pm::optim::sgd<layer>>{}, pm::optim::sgd_options{.learning_rate = 0.5, .momentum = 0.5},
        pm::optim::sgd_options{.learning_rate = 0.25});
    run(std::type_identity<pm::optim::adam<layer>>{}, pm::optim::adam_options{.learning_rate = 0.5},
        pm::optim::adam_options{.learning_rate = 0.25});
}

TEST_CASE("optimizers refuse options that make no sense") {
    layer net{pm::seed{2}};
    CHECK_THROWS_AS(pm::optim::sgd(net, {.learning_rate = -1}), pm::error);
    CHECK_THROWS_AS(pm::optim::sgd(net, {.momentum = std::nan("")}), pm::error);
    CHECK_THROWS_WITH(pm::optim::adam(net, {.beta1 = 1}), "adam: beta1 and beta2 must lie in [0, 1)");
    CHECK_THROWS_AS(pm::optim::adam(net, {.weight_decay = -1}), pm::error);
    CHECK_THROWS_AS(pm::optim::adam(net, {.beta2 = std::nan("")}), pm::error);
    for (double const bad : {-0.1, 1.1, std::nan("")})
        CHECK_THROWS_WITH(pm::optim::sgd(net, {.momentum = 0.5, .dampening = bad}),
                          "sgd: dampening must lie in [0, 1]");
    CHECK_THROWS_WITH(pm::optim::sgd(net, {.momentum = 0.5, .dampening = 0.1, .nesterov = true}),
                      "sgd: nesterov takes no dampening: leave it 0");
}

// The first velocity is the gradient itself, whenever it comes: also where the momentum is given later, and where the
// tensor was left out of steps before.
TEST_CASE("sgd: the first step with a momentum is not dampened") {
    layer net{pm::seed{2}};
    pm::optim::sgd optimizer{net, {.learning_rate = 1}};
    pm::gradients<layer> gradient;
    auto const fill = [&](double x) {
        for (int k = 0; k < 2; ++k) std::fill_n(gradient.data(k), gradient.size(k), x);
    };
    auto const moves = [&] {
        auto const before = originals(net);
        optimizer.step(gradient);
        auto const after = originals(net);
        return std::pair{before[0] - after[0], before[4] - after[4]};
    };
    fill(1);
    optimizer.step(gradient);
    optimizer.group<"">({.learning_rate = 1, .momentum = 0.5, .dampening = 0.75});
    net.bias.requires_gradient(false);
    auto const near = [](std::pair<double, double> a, double weight, double bias) {
        CHECK(a.first == Approx(weight).margin(1e-14));
        CHECK(a.second == Approx(bias).margin(1e-14));
    };
    fill(0);  // a first velocity of zeros is one
    near(moves(), 0, 0);
    net.bias.requires_gradient(true);
    fill(1);
    near(moves(), 0.25, 1);
    near(moves(), 0.375, 0.75);
}

TEST_CASE("adam: amsgrad for some tensors, after a large gradient") {
    layer net{pm::seed{2}};
    pm::optim::adam optimizer{net, {.learning_rate = 1, .beta1 = 0, .beta2 = 0}};
    optimizer.group<"bias">({.learning_rate = 1, .beta1 = 0, .beta2 = 0, .amsgrad = true});
    pm::gradients<layer> gradient;
    for (double const g : {100.0, 1.0}) {
        for (int k = 0; k < 2; ++k) std::fill_n(gradient.data(k), gradient.size(k), g);
        auto const before = originals(net);
        optimizer.step(gradient);
        auto const after = originals(net);
        CHECK(before[0] - after[0] == Approx(1));
        CHECK(before[4] - after[4] == Approx(g / 100));
    }
}

TEST_CASE("optimizers refuse a rate that is not finite, or not in the network's type, and say what to give") {
    layer net{pm::seed{2}};
    pm::nn::linear<1, 1> of_floats{pm::seed{2}};
    CHECK_THROWS_AS(pm::optim::sgd(of_floats, {.learning_rate = 1e39}), pm::error);
    CHECK_THROWS_AS(pm::optim::adam(of_floats, {.learning_rate = 1e38}), pm::error);  // the first step is 1e39
    double const infinite = std::numeric_limits<double>::infinity();
    pm::optim::sgd sgd(net, {.learning_rate = 0.5});
    pm::optim::adam adam(net, {.learning_rate = 0.5});
    auto const before = originals(net);
    for (double const bad : {infinite, -infinite, std::nan(""), -0.5}) {
        CHECK_THROWS_AS(pm::optim::sgd(net, {.learning_rate = bad}), pm::error);
        CHECK_THROWS_AS(pm::optim::sgd(net, {.momentum = bad}), pm::error);
        CHECK_THROWS_AS(pm::optim::sgd(net, {.weight_decay = bad}), pm::error);
        CHECK_THROWS_AS(pm::optim::adam(net, {.learning_rate = bad}), pm::error);
        CHECK_THROWS_AS(pm::optim::adam(net, {.epsilon = bad}), pm::error);
        CHECK_THROWS_AS(pm::optim::adam(net, {.weight_decay = bad}), pm::error);
        CHECK_THROWS_AS(sgd.group<"weight">({.learning_rate = bad}), pm::error);
        CHECK_THROWS_AS(adam.group<"weight">({.learning_rate = bad}), pm::error);
    }
    for (double const no : {0.0, -0.0}) CHECK_THROWS_AS(pm::optim::adam(net, {.epsilon = no}), pm::error);
    CHECK_THROWS_WITH(pm::optim::sgd(net, {.learning_rate = infinite}),
                      "sgd: learning_rate is inf; give a finite number of the network's type that is not negative");
    CHECK(originals(net) == before);
    // What was refused has left the options as they were.
    pm::gradients<layer> gradient;
    for (int k = 0; k < 2; ++k) std::fill_n(gradient.data(k), gradient.size(k), 1.0);
    sgd.step(gradient);
    auto const after = originals(net);
    for (std::size_t i = 0; i < after.size(); ++i) CHECK(after[i] == before[i] - 0.5);
}
