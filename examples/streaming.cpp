// A network that hears a sound as it comes: causal convolutions, whose weights are normalized, and a GRU behind them.
// It is trained on short pieces to follow how loud a tone is, frozen, and streamed: sample by sample and in blocks,
// which are the same bits, and to rounding what the whole sequence at once gives. Exit status 0 if so.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

constexpr int channels = 8, length = 64;

template <int In, int Dilation>
using causal = pm::nn::conv1d<In, channels, 3, pm::padding<pm::causal>, pm::dilation<Dilation>,
                              pm::weight<pm::param::weight_norm<>>>;

struct follower {
    pm::nn::sequential<causal<1, 1>, pm::nn::tanh, pm::nn::residual<causal<channels, 2>, pm::nn::silu>> ear;
    pm::nn::gru<channels, channels> memory;
    pm::nn::linear<channels, 1> head;
    constexpr auto forward(auto x) const {  // [1, time]
        auto const [ys, last] = memory(pm::transpose(ear(x)));
        return head(ys);  // [time, 1]
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(follower, ear, memory, head);

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

// A tone that is louder in each half of the piece than in the other, by turns.
void draw(pm::random& source, float* x, float* loudness, int count) {
    float a = 0, phase = static_cast<float>(source.uniform(0, 6));
    for (int t = 0; t < count; ++t) {
        if (t % 32 == 0) a = static_cast<float>(source.uniform(0.1, 1));
        x[t] = a * std::sin(phase + 0.7F * static_cast<float>(t));
        loudness[t] = a;
    }
}

int main() {
    auto net = pm::make<follower>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};
    pm::random source{1};
    array<1, length> x;
    array<length, 1> loudness;
    float first = 0, last = 0;
    for (int k = 0; k < 300; ++k) {
        draw(source, x.data(), loudness.data(), length);
        auto& [value, gradient] = step(x, loudness);
        optimizer.step(gradient);
        (k < 20 ? first : last) += k < 20 || k >= 280 ? value : 0;
    }
    std::printf("squared error %.3f, after training %.3f\n", double(first) / 20, double(last) / 20);

    draw(source, x.data(), loudness.data(), length);
    auto const whole = net(x);
    // [readme]
    pm::streaming<follower, 32> stream(
        pm::freeze(net));                   // all that it needs is in here: no allocation, no lock from now on
    float const heard = stream.step(0.5F);  // one sample; 16, 64 or any other number of them by process
    stream.reset();
    // [readme]

    std::vector<float> by_step, in_blocks(length);
    for (float const sample : x) by_step.push_back(stream.step(sample));
    stream.reset();
    int const cuts[]{0, 1, 8, 40, 45, length};
    for (int k = 0; k + 1 < 6; ++k)
        stream.process(x.data() + cuts[k], in_blocks.data() + cuts[k], std::size_t(cuts[k + 1] - cuts[k]));
    float worst = 0;
    for (std::size_t t = 0; t < length; ++t)
        if (auto const d = std::abs(by_step[t] - whole(t, 0)); d > worst || d != d) worst = d;
    std::printf("steps and blocks %s, the whole sequence within %.2g; %zu bytes\n",
                by_step == in_blocks ? "are the same bits" : "differ", double(worst), stream.bytes());
    return by_step == in_blocks && worst < 1e-5F && last < first / 3 && std::isfinite(heard) ? 0 : 1;
}
