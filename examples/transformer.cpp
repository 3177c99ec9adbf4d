// A block of a transformer: tokens are looked up in a table, places have numbers of their own, and each place sees
// itself and those before by causal attention. It reads random tokens, and learns to say at the end which came first.
// Exit status 0 if it does, and if a token that the table does not have is refused.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

constexpr int tokens = 6, places = 5, width = 8, batch = 16;

struct transformer {
    pm::nn::embedding<tokens, width> words;
    pm::tensor<pm::shape<places, width>> positions;
    pm::nn::layer_norm<pm::shape<width>> norm;
    pm::nn::multihead_attention<width, 2, pm::causal_mask> attend;
    pm::nn::linear<width, tokens> output;
    constexpr auto forward(auto x) const {  // [batch, places], std::int32_t
        auto const y = words(x) + positions;
        auto const seen = y + attend(norm(y));
        return output(pm::select<1, places - 1>(seen));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(transformer, words, positions, norm, attend, output);

int main() {
    auto net = pm::make<transformer>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::cross_entropy(n(x), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};

    pm::random source{1};
    xt::xtensor_fixed<std::int32_t, xt::xshape<batch, places>> x;
    xt::xtensor_fixed<std::int32_t, xt::xshape<batch>> first;
    float before = 0, after = 0;
    for (int k = 0; k < 400; ++k) {
        for (auto& token : x) token = source.below(tokens);
        for (std::size_t i = 0; i < batch; ++i) first(i) = x(i, 0);
        auto& [value, gradient] = step(x, first);
        optimizer.step(gradient);
        after = value;
        if (k == 0) before = value;
    }
    std::printf("loss %g before, %g after\n", double(before), double(after));

    x(3, 2) = tokens;
    bool refused = false;
    try {
        step(x, first);
    } catch (pm::error const& e) {
        std::printf("%s\n", e.what());
        refused = true;
    }
    return after < 0.1f * before && refused ? 0 : 1;
}
