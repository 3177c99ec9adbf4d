// A program that imports the library: a module of its own, a parametrized weight, training, freezing, and an error.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <string>

#include <boost/hana/adapt_struct.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xtensor.hpp>

import paramorph;

namespace pm = paramorph;

struct gated {
    pm::nn::linear<4, 4, pm::weight<pm::param::skew, pm::param::cayley>> inner;
    pm::tensor<pm::shape<4>> gain;
    constexpr auto forward(auto x) const { return pm::tanh(inner(x)) * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain);
using model = pm::nn::sequential<gated, pm::nn::linear<4, 2>>;
static_assert(pm::parameter_count<model> == 16 + 4 + 4 + 10);

int main() {
    auto net = pm::make<model>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 0.02}};
    xt::xtensor_fixed<float, xt::xshape<8, 4>> x;
    xt::xtensor_fixed<float, xt::xshape<8, 2>> t;
    for (std::size_t i = 0; i < 8; ++i) {
        for (std::size_t j = 0; j < 4; ++j) x(i, j) = static_cast<float>(i * j) / 24 - 0.4F;
        t(i, 0) = x(i, 1);
        t(i, 1) = x(i, 2) * x(i, 3);
    }
    float first = 0, last = 0;
    for (int k = 0; k < 300; ++k) {
        auto& [value, gradient] = step(x, t);
        if (k == 0) first = value;
        last = value;
        optimizer.step(gradient);
    }
    auto const frozen = pm::freeze(net);
    bool said = false;
    try {
        pm::get<"1.bias">(net) = xt::xtensor<float, 1>(std::array<std::size_t, 1>{3});
    } catch (pm::error const& e) {
        said = std::string(e.what()).find("differs from that of the tensor") != std::string::npos;
    }
    bool const same = std::abs(frozen(x)(3, 1) - net(x)(3, 1)) < 1e-6F;
    std::printf("loss %g, after 300 steps %g; frozen %s; an error is %s\n", double(first), double(last),
                same ? "the same" : "another", said ? "said" : "not said");
    return last < 0.05F * first && same && said ? 0 : 1;
}
