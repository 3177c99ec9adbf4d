// A module of one's own, a plain struct without a base class, parametrized after the fact: its type stays, and the
// tensors that are named get a chain. Walks, names and groups follow; removing gives the plain type back.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// [readme]
struct gated {  // a plain struct; no base class
    pm::nn::linear<4, 4> inner;
    pm::tensor<pm::shape<4>> gain;
    pm::buffer<pm::shape<4>> shift;  // not trained
    constexpr auto forward(auto x) const { return pm::tanh(inner(x)) * gain + shift; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain, shift);

using constrained = pm::parametrize<gated, pm::at<"gain", pm::param::positive>,
                                    pm::at<"inner.weight", pm::param::skew, pm::param::cayley>>;
// [readme]
static_assert(pm::is_parametrized<"gain", constrained>() && !pm::is_parametrized<"shift", constrained>());
static_assert(std::is_same_v<pm::unparametrized<constrained>, gated>);
static_assert(pm::parameter_count<constrained> == 16 + 4 + 4);

int main() {
    bool good = true;
    std::vector<std::string> names;
    // [readme]
    auto net = pm::make<constrained>(pm::seed{1});
    pm::for_each_parameter(net, [&](std::string const& name, auto&) { names.push_back(name); });  // PyTorch's keys
    // [readme]
    for (auto const& name : names) std::printf("parameter %s\n", name.c_str());
    good = good && names == std::vector<std::string>{"inner.parametrizations.weight.original", "inner.bias",
                                                     "parametrizations.gain.original"};

    auto const loss = [](auto& n, auto x, auto t) { return pm::mse(n(x), t); };
    auto step = pm::value_and_grad(loss, net);
    // [readme]
    pm::get<"inner.bias">(net).requires_gradient(false);  // stays as it is from now on
    pm::optim::sgd optimizer{net, {.learning_rate = 0.1}};
    optimizer.group<"gain">({.learning_rate = 0.01});  // options of their own
    // [readme]
    auto const bias = pm::get<"inner.bias">(net)();
    xt::xtensor_fixed<float, xt::xshape<8, 4>> x, target;
    pm::random numbers{pm::seed{2}};
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    for (auto& e : target) e = static_cast<float>(numbers.uniform(-0.5, 0.5));
    float const before = step(x, target).value;
    for (int i = 0; i < 100; ++i) optimizer.step(step(x, target).gradient);
    float const after = step(x, target).value;
    std::printf("loss %g -> %g\n", double(before), double(after));
    good = good && after < before && pm::get<"inner.bias">(net)() == bias;
    for (float g : pm::get<"gain">(net)()) good = good && g > 0;

    // [readme]
    auto const half = pm::remove_parametrizations<"gain">(net, pm::leave_parametrized);  // the value stays
    // [readme]
    // Then the other, and the type is the plain one again.
    auto const plain = pm::remove_parametrizations<"inner.weight">(half, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(plain), gated const>);
    auto const a = net(x), b = plain(x);
    float difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (auto const d = std::abs(a.data()[i] - b.data()[i]); d > difference || d != d) difference = d;
    std::printf("without parametrizations the outputs differ by %g\n", double(difference));
    return good && difference < 1e-6f ? 0 : 1;
}
