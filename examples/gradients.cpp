// Gradients by name: what a step gave is looked at and written before an optimizer takes it. Large steps are clipped by
// the gradient's norm, and a batch that does not fit is taken in parts whose gradients are added. Exit status 0 if the
// network is trained by both, and the clipped gradient has the norm that was asked for.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

int main() {
    using model = pm::nn::sequential<pm::nn::linear<4, 8, pm::weight<pm::param::weight_norm<>>>, pm::nn::tanh,
                                     pm::nn::linear<8, 2>>;
    auto net = pm::make<model>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.5}};

    // Four parts of a batch.
    xt::xtensor_fixed<float, xt::xshape<8, 4>> x[4];
    xt::xtensor_fixed<float, xt::xshape<8, 2>> t[4];
    pm::random numbers{pm::seed{1}};
    for (int k = 0; k < 4; ++k)
        for (std::size_t i = 0; i < 8; ++i) {
            for (std::size_t j = 0; j < 4; ++j) x[k](i, j) = static_cast<float>(numbers.uniform(-1, 1));
            t[k](i, 0) = x[k](i, 0) * x[k](i, 1);
            t[k](i, 1) = 3 * x[k](i, 2);
        }

    float first = 0, last = 0, norm = 0;
    for (int n = 0; n < 200; ++n) {
        pm::gradients<model> sum;  // zeros
        last = 0;
        for (int k = 0; k < 4; ++k) {
            auto& [value, gradient] = step(x[k], t[k]);
            sum += gradient;
            last += value / 4;
        }
        sum *= 0.25f;
        if (n == 0) first = last;

        float squares = 0;
        for (float g : sum) squares += g * g;
        sum *= std::min(1.0f, 0.25f / std::sqrt(squares));  // at most as long as this

        sum.at<"2.bias">() *= 0.1f;  // one tensor's alone
        optimizer.step(sum);
        norm = std::sqrt(squares);
    }
    std::printf("loss %g -> %g, the last gradient's norm %g\n", double(first), double(last), double(norm));

    // The first layer's weight has two originals, magnitude and direction; PyTorch's names are for printing.
    auto& gradient = step(x[0], t[0]).gradient;
    auto const direction = gradient.original<"0.weight", 1>();
    bool const shaped = direction.shape(0) == 8 && direction.shape(1) == 4;
    bool named = false;
    pm::for_each_gradient(gradient, [&](std::string const& name, auto const& g) {
        named = named || name == "0.parametrizations.weight.original1";
        std::printf("%-40s %zu numbers\n", name.c_str(), g.size());
    });
    return shaped && named && last < 0.1f * first ? 0 : 1;
}
