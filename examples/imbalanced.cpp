// Two classes, of which one is rare: with a weight for each class a network finds it, without it does not.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

namespace {

using model = pm::nn::linear<2, 2>;
using points = xt::xtensor_fixed<float, xt::xshape<64, 2>>;
using classes = xt::xtensor_fixed<std::int32_t, xt::xshape<64>>;

// Every sixteenth point is of class 1, which lies to the right; the clouds overlap.
void draw(pm::random& source, points& x, classes& labels) {
    for (std::size_t i = 0; i < 64; ++i) {
        labels(i) = i % 16 == 0;
        for (std::size_t k = 0; k < 2; ++k)
            x(i, k) = static_cast<float>(source.uniform(-1, 1) + (k == 0 ? 0.8 * labels(i) : 0));
    }
}
// How many of the rare class a network finds, of four hundred.
int found(model const& net) {
    pm::random source{pm::seed{7}};
    points x;
    classes labels;
    int right = 0;
    for (int batch = 0; batch < 100; ++batch) {
        draw(source, x, labels);
        auto const logits = net(x);
        for (std::size_t i = 0; i < 64; i += 16) right += logits(i, 1) > logits(i, 0);
    }
    return right;
}
int found_after_training(xt::xtensor_fixed<float, xt::xshape<2>> const& weights) {
    auto net = pm::make<model>(pm::seed{0});
    // [step]
    auto step = pm::value_and_grad(
        [](auto& n, auto x, auto labels, auto w) { return pm::cross_entropy(n(x), labels, pm::loss_weight(w)); }, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.1, .momentum = 0.9, .dampening = 0.1}};
    // [step]
    pm::random source{pm::seed{1}};
    points x;
    classes labels;
    for (int k = 0; k < 400; ++k) {
        draw(source, x, labels);
        auto& [value, gradient] = step(x, labels, weights);
        optimizer.step(gradient);
    }
    return found(net);
}

}  // namespace

int main() {
    int const plain = found_after_training({1, 1}), weighed = found_after_training({1, 15});
    std::printf("of 400 points of the rare class found: %d, with weights %d\n", plain, weighed);
    return weighed > 250 && weighed > 3 * plain ? 0 : 1;
}
