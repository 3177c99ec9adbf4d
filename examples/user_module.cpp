// A module of one's own: a plain struct of layers with a residual connection. It learns to turn points of the plane by
// a right angle, is frozen, and answers a batch whose size only the run knows.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// [module]
struct residual {
    using input_shape = pm::shape<2>;  // of one row; needed for batches whose size is known at run time
    pm::nn::linear<2, 8> inner;
    pm::nn::linear<8, 2, pm::no_bias> outer;
    constexpr auto forward(auto x) const { return x + outer(pm::tanh(inner(x))); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(residual, inner, outer);
// [module]

static_assert(pm::module<residual>);
static_assert(pm::parameter_count<residual> == 8 * 2 + 8 + 2 * 8);

int main() {
    constexpr int batch = 32;
    xt::xtensor_fixed<float, xt::xshape<batch, 2>> x, target;
    pm::random numbers{pm::seed{3}};
    for (int i = 0; i < batch; ++i) {
        x(i, 0) = static_cast<float>(numbers.uniform(-1, 1));
        x(i, 1) = static_cast<float>(numbers.uniform(-1, 1));
        target(i, 0) = -x(i, 1);
        target(i, 1) = x(i, 0);
    }

    auto net = pm::make<residual>(pm::seed{0});
    auto const loss = [](auto& network, auto input, auto wanted) { return pm::mse(network(input), wanted); };
    auto step = pm::value_and_grad(loss, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.1, .momentum = 0.9}};
    float const before = step(x, target).value;
    for (int i = 0; i < 300; ++i) optimizer.step(step(x, target).gradient);
    float const after = step(x, target).value;
    std::printf("loss %g -> %g\n", double(before), double(after));

    auto const frozen = pm::freeze(net);
    std::size_t const rows = 45;  // any number
    auto points = xt::xtensor<float, 2>::from_shape({rows, 2});
    for (auto& p : points) p = static_cast<float>(numbers.uniform(-0.7, 0.7));
    auto const turned = frozen(points);
    float worst = 0, difference = 0;
    auto const same = net(points);
    for (std::size_t i = 0; i < rows; ++i) {
        worst = std::max({worst, std::abs(turned(i, 0) + points(i, 1)), std::abs(turned(i, 1) - points(i, 0))});
        difference = std::max({difference, std::abs(turned(i, 0) - same(i, 0)), std::abs(turned(i, 1) - same(i, 1))});
    }
    std::printf("turned %d points, worst error %g; frozen differs from the network by %g\n", int(rows), double(worst),
                double(difference));
    return after < 0.01f * before && worst < 0.2f && difference < 1e-5f ? 0 : 1;
}
