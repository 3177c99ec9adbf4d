// One step in float, and twenty of each optimizer in double, of a 64-64-64-10 network with an orthogonal first weight,
// for network.py. Reads from standard input, as binary numbers, the originals in member order, 32 rows and
// their labels. Writes in double the loss, its gradient, the losses of the steps of adam and of sgd, and the initial
// values that a seed gives.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
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
template <class T>
using layer = pm::nn::linear<64, 64, pm::element_type<T>>;
template <class T>
using model = pm::nn::sequential<pm::nn::linear<64, 64, pm::weight<rotation>, pm::element_type<T>>, pm::nn::relu,
                                 layer<T>, pm::nn::relu, pm::nn::linear<64, 10, pm::element_type<T>>>;

constexpr auto loss = [](auto& net, auto x, auto labels) { return pm::cross_entropy(net(x), labels); };

template <class T>
void write_numbers(T const* x, std::size_t n) {
    std::vector<double> const wide(x, x + n);
    std::fwrite(wide.data(), sizeof(double), n, stdout);
}

// Calls f(elements, count) for every original.
void each_original(auto& net, auto f) {
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        Tensor::for_each_index([&](auto k) { f(t.template original<k>().data(), t.template original<k>().size()); });
    });
}

// In double: adam divides by the size of a gradient, so that the rounding of a small one would be seen.
void train(model<double> net, auto const& x, auto const& labels, auto make_optimizer) {
    auto step = pm::value_and_grad(loss, net);
    auto optimizer = make_optimizer(net);
    for (int i = 0; i < 20; ++i) {
        auto& [value, gradient] = step(x, labels);
        write_numbers(&value, 1);
        optimizer.step(gradient);
    }
}

int main() {
    auto const fresh = pm::make<model<float>>(pm::seed{1});
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

    std::vector<float> numbers;
    each_original(net, [&](float const* from, std::size_t n) { numbers.insert(numbers.end(), from, from + n); });
    auto wide = pm::make<model<double>>(pm::seed{1});
    each_original(wide, [from = numbers.begin()](double* to, std::size_t n) mutable {
        std::copy_n(from, n, to);
        from += static_cast<std::ptrdiff_t>(n);
    });
    xt::xtensor_fixed<double, xt::xshape<32, 64>> const wide_x = x;
    train(wide, wide_x, labels, [](auto& m) { return pm::optim::adam{m, {.learning_rate = 3e-3}}; });
    train(wide, wide_x, labels,
          [](auto& m) { return pm::optim::sgd{m, {.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 1e-4}}; });
    auto initial = fresh;
    each_original(initial, [](float const* from, std::size_t n) { write_numbers(from, n); });
}
