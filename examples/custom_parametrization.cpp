// A parametrization of one's own: rows that sum to one, with a set of their own, a grade and its proof; and
// one with state, which training moves and no optimizer touches.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// [stage]
// Rows that sum to one: softmax, which forgets a number for each row. A set of one's own says what it lies in.
struct stochastic {
    static constexpr std::string_view name = "stochastic";
    using within = pm::set::list<pm::set::simplex>;
};
struct row_softmax {
    using codomain = stochastic;
    static constexpr auto inverse = pm::grade::right;
    static constexpr auto forward(auto x) { return pm::softmax<1>(x); }
    static constexpr auto right_inverse(auto a) {
        return pm::log(pm::require(a, a > 0, "row_softmax: every probability must be greater than zero"));
    }
};
static_assert(pm::subset<stochastic, pm::set::nonnegative>);  // through simplex
static_assert(pm::right_invertible<row_softmax, pm::shape<3, 4>>);
static_assert(pm::round_trips<row_softmax, pm::shape<3, 4>>());
// [stage]

// [state]
// Subtracts the running mean of the weight: state, which `forward` is given after the originals, and whose next value
// it states in training.
struct centred {
    template <class Shape>
    using state = pm::states<pm::state<"mean", pm::shape<>>>;
    template <pm::mode M>
    static constexpr auto forward(auto x, auto mean) {
        if constexpr (M == pm::mode::training) {
            auto const next = mean * 0.9 + pm::mean(x) * 0.1;
            return pm::updated(x - next, next);
        } else
            return x - mean;
    }
};
// [state]

int main() {
    bool good = true;

    pm::nn::linear<4, 3, pm::weight<row_softmax>> mixing{pm::seed{1}};
    auto const w = mixing.weight();
    for (std::size_t i = 0; i < 3; ++i) good = good && std::abs(w(i, 0) + w(i, 1) + w(i, 2) + w(i, 3) - 1) < 1e-6f;
    auto wrong = w;
    wrong(0, 0) += 1;
    pm::status const refused = mixing.weight.try_assign(wrong);
    std::printf("rows sum to one; assigning others: %s\n", refused.failed);
    good = good && !refused.ok() && mixing.weight() == w;

    using layer = pm::nn::linear<2, 2, pm::weight<centred>, pm::no_bias>;
    static_assert(pm::parameter_count<layer> == 4);  // the mean is none
    auto net = pm::make<layer>(pm::seed{2});
    auto const loss = [](auto& n, auto x) { return pm::mean(pm::square(n(x))); };
    auto step = pm::value_and_grad(loss, net);
    xt::xtensor_fixed<float, xt::xshape<2>> const x{1, -1};
    float mean = 0;
    for (float v : net.weight.original()) mean += 0.25f * v;
    step(x);  // training: the state moves
    float const after = net.weight.state()();
    net(x);  // inference: it does not
    std::printf("mean %g, after a step of training %g\n", double(mean), double(after));
    good = good && std::abs(after - 0.1f * mean) < 1e-6f && net.weight.state()() == after;
    pm::for_each_buffer(net, [](auto const& name, auto const&) { std::printf("state: %s\n", name.c_str()); });
    return good ? 0 : 1;
}
