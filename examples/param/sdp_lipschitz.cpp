// sdp_lipschitz, and the layers that it and orthogonal weights are for: a network of a convex_potential and a sandwich
// layer, of which the type alone proves that no two inputs move further apart, whatever training does to its numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/lipschitz_layers.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/prove/properties.hpp>

namespace pm = paramorph;
namespace nn = pm::nn;

// [layers]
using network = nn::sequential<nn::convex_potential<4, 8>, nn::sandwich<4, 3, nn::tanh>>;
static_assert(pm::proved<pm::claim::lipschitz<1.01>, network>);
// [layers]

int main() {
    // The parametrization alone: two equal rows share what one could have; t is 2 for each, diag(t)^(-1/2) x.
    pm::tensor<pm::shape<2, 3>, pm::chain<pm::param::sdp_lipschitz>> w;
    pm::random numbers{pm::seed{0}};
    w.initialize(numbers, 3);  // the space; there is no right_inverse
    w.original<0>() = xt::xtensor_fixed<float, xt::xshape<2, 3>>{{1, 0, 0}, {1, 0, 0}};
    w.original<1>().fill(0);
    bool const shared = std::abs(w()(0, 0) - std::sqrt(0.5f)) < 1e-6f && std::abs(w()(1, 0) - std::sqrt(0.5f)) < 1e-6f;

    network net{pm::seed{1}};
    using vector = xt::xtensor_fixed<float, xt::xshape<4>>;
    pm::get<"0.weight">(net).original<0>() *= 100.0f;  // as many steps of an optimizer would
    pm::get<"1.weight">(net).original() *= 100.0f;
    pm::random source{pm::seed{2}};
    double most = 0;
    for (int k = 0; k < 1000; ++k) {
        vector x, y;
        for (auto& e : x) e = static_cast<float>(source.uniform(-1, 1));
        for (auto& e : y) e = static_cast<float>(source.uniform(-1, 1));
        auto const f = net(x), g = net(y);
        double moved = 0, before = 0;
        for (std::size_t i = 0; i < 3; ++i) moved += std::pow(double(f(i)) - double(g(i)), 2);
        for (std::size_t i = 0; i < 4; ++i) before += std::pow(double(x(i)) - double(y(i)), 2);
        most = std::fmax(most, std::sqrt(moved / before));
    }
    std::printf("moves two inputs apart by %g at most; proved: %g\n", most, pm::lipschitz<network>);
    return shared && most > 0.2 && most <= pm::lipschitz<network> && pm::lipschitz<network> < 1.01 ? 0 : 1;
}
