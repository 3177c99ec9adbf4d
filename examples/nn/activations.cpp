// The activations as modules, side by side: what each gives for the same numbers. Exit status 0 if the numbers are
// right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/call.hpp>
#include <paramorph/nn/prelu.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;
namespace nn = pm::nn;

using numbers = xt::xtensor_fixed<float, xt::xshape<6>>;
numbers const x{-4, -1, -0.25, 0, 0.5, 7};

bool good = true;
template <class Module>
void show(char const* name, double (*f)(double)) {
    auto const y = pm::make<nn::sequential<Module>>(pm::seed{0})(x);
    std::printf("%-12s", name);
    for (std::size_t k = 0; k < x.size(); ++k) {
        std::printf(" %8.4f", double(y(k)));
        double const expected = f(double(x(k)));
        good = good && std::abs(y(k) - expected) <= 2e-6 * (1 + std::abs(expected));
    }
    std::printf("\n");
}
double within(double v, double low, double high) {
    return v < low ? low : v > high ? high : v;
}

int main() {
    show<nn::identity>("identity", [](double v) { return v; });
    show<nn::relu>("relu", [](double v) { return v > 0 ? v : 0; });
    show<nn::leaky_relu<0.2>>("leaky_relu", [](double v) { return v > 0 ? v : 0.2 * v; });
    show<nn::prelu<>>("prelu", [](double v) { return v > 0 ? v : 0.25 * v; });  // its slope is trained, and begins so
    show<nn::elu<>>("elu", [](double v) { return v > 0 ? v : std::expm1(v); });
    show<nn::tanh>("tanh", [](double v) { return std::tanh(v); });
    show<nn::sigmoid>("sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); });
    show<nn::softplus>("softplus", [](double v) { return std::log1p(std::exp(v)); });
    show<nn::silu>("silu", [](double v) { return v / (1 + std::exp(-v)); });
    show<nn::mish>("mish", [](double v) { return v * std::tanh(std::log1p(std::exp(v))); });
    show<nn::gelu>("gelu", [](double v) { return v * std::erfc(-v / std::sqrt(2.0)) / 2; });
    show<nn::gelu_tanh>("gelu_tanh", [](double v) {
        return v * (1 + std::tanh(std::sqrt(2 / 3.14159265358979) * (v + 0.044715 * v * v * v))) / 2;
    });
    show<nn::hardtanh<-2, 2>>("hardtanh", [](double v) { return within(v, -2, 2); });
    show<nn::relu6>("relu6", [](double v) { return within(v, 0, 6); });
    show<nn::hardsigmoid>("hardsigmoid", [](double v) { return within(v + 3, 0, 6) / 6; });
    show<nn::hardswish>("hardswish", [](double v) { return v * within(v + 3, 0, 6) / 6; });

    // Those that look at more than one number: halves of the axis, and the whole of it.
    auto const gated = nn::sequential<nn::glu<>>{}(x);
    auto const shares = nn::sequential<nn::softmax<>>{}(x), logarithms = nn::sequential<nn::log_softmax<>>{}(x);
    std::printf("glu          %8.4f %8.4f %8.4f\n", double(gated(0)), double(gated(1)), double(gated(2)));
    good = good && gated.size() == 3 && gated(0) == -2;  // -4 sigmoid(0)
    float sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        sum += shares(k);
        good = good && std::abs(std::exp(logarithms(k)) - shares(k)) < 1e-6f;
    }
    return good && std::abs(sum - 1) < 1e-6f ? 0 : 1;
}
