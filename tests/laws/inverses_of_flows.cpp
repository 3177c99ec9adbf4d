// The laws of inverses (laws/inverses.cpp) of couplings, and the gradient of a likelihood.
//
// SPDX-License-Identifier: BSL-1.0
#include "../inverses.hpp"

using namespace inverses;

namespace {

TEST_CASE("inverses: couplings, affine and additive, whichever numbers pass") {
    using affine =
        net<nn::linear<1, 5, pm::element_type<double>>, nn::tanh, nn::linear<5, 4, pm::element_type<double>>>;
    using additive =
        net<nn::linear<2, 5, pm::element_type<double>>, nn::relu, nn::linear<5, 1, pm::element_type<double>>>;
    holds<nn::coupling<3, 1, affine>, true>(1e-12);
    holds<
        net<nn::coupling<3, -1, affine, 0.5>, turn, nn::coupling<3, 2, additive>, net<nn::coupling<3, -2, additive>>>>(
        1e-12);
}

TEST_CASE("inverses: gradients of a likelihood are those of finite differences") {
    using inner = net<nn::linear<1, 4, pm::element_type<double>>, nn::tanh, nn::linear<4, 4, pm::element_type<double>>>;
    using flow = net<layer<param::invertible>, nn::coupling<3, 1, inner>, nn::tanh, layer<param::cholesky_factor_cov>>;
    static_assert(pm::invertible<flow>);
    auto f = pm::make<flow>(pm::seed{2});
    auto step = pm::value_and_grad(
        [](auto& n, auto x) {
            auto const [z, log_det] = pm::value_and_log_abs_det(n, x);
            return pm::mean(0.5 * pm::sum<1>(pm::square(z)) - log_det);
        },
        f);
    batch x;
    pm::random numbers{pm::seed{4}};
    for (double& e : x) e = numbers.uniform(-1, 1);
    auto const gradient = step(x).gradient;
    double worst = 0;
    int k = 0;
    pm::for_each_parameter(f, [&](std::string const&, auto& original) {
        for (std::size_t i = 0; i < original.size(); ++i) {
            double& e = original.data()[i];
            double const at = e, h = 1e-5;
            e = at + h;
            double const above = step(x).value;
            e = at - h;
            double const below = step(x).value;
            e = at;
            double const d = std::abs((above - below) / (2 * h) - gradient.data(k)[i]);
            if (d > worst || d != d) worst = d;
        }
        ++k;
    });
    CHECK(worst < 1e-8);
}

}  // namespace
