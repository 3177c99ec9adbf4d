// One step, and twenty of each optimizer, of a 64-64-64-10 network with an orthogonal first weight, for network.py.
// Reads from standard input, as binary numbers, the originals in the order of the walk, 32 rows and their labels.
// Writes the loss, its gradient, the losses of the steps of adam and of sgd, and the initial values that a seed gives.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <vector>

#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/nn/value_and_grad.hpp>
#include <paramorph/optim/adam.hpp>
#include <paramorph/optim/sgd.hpp>
#include <paramorph/param/cayley.hpp>

namespace pm = paramorph;

using rotation = pm::chain<pm::param::skew, pm::param::cayley>;
using model = pm::nn::sequential<pm::nn::linear<64, 64, pm::weight<rotation>>, pm::nn::relu, pm::nn::linear<64, 64>,
                                 pm::nn::relu, pm::nn::linear<64, 10>>;

constexpr auto loss = [](auto& net, auto x, auto labels) { return pm::cross_entropy(net(x), labels); };

void write_numbers(float const* x, std::size_t n) {
    std::fwrite(x, sizeof(float), n, stdout);
}

// Calls f(elements, count) for every original.
void each_original(model& net, auto f) {
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        Tensor::for_each_index([&](auto k) { f(t.template original<k>().data(), t.template original<k>().size()); });
    });
}

void train(model net, auto const& x, auto const& labels, auto make_optimizer) {
    auto step = pm::value_and_grad(loss, net);
    auto optimizer = make_optimizer(net);
    for (int i = 0; i < 20; ++i) {
        auto& [value, gradient] = step(x, labels);
        write_numbers(&value, 1);
        optimizer.step(gradient);
    }
}

int main() {
    auto const fresh = pm::make<model>(pm::seed{1});
    auto net = fresh;
    xt::xtensor_fixed<float, xt::xshape<32, 64>> x;
    xt::xtensor_fixed<std::int32_t, xt::xshape<32>> labels;
    std::size_t missing = 0;
    auto const read = [&](auto* to, std::size_t n) { missing += n - std::fread(to, sizeof(*to), n, stdin); };
    each_original(net, read);
    read(x.data(), x.size());
    read(labels.data(), labels.size());
    if (missing > 0) return 2;

    auto step = pm::value_and_grad(loss, net);
    auto& [value, gradient] = step(x, labels);
    write_numbers(&value, 1);
    write_numbers(gradient.flat().data(), gradient.flat().size());
    train(net, x, labels, [](model& m) { return pm::optim::adam{m, {.learning_rate = 3e-3}}; });
    train(net, x, labels,
          [](model& m) { return pm::optim::sgd{m, {.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 1e-4}}; });
    auto initial = fresh;
    each_original(initial, write_numbers);
}
