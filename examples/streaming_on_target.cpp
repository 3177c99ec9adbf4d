// A sound that a small target hears as it comes: a frozen network of causal convolutions and a GRU, in one object of
// constant size whose weights are in flash. Sample by sample and in blocks it gives the same bits. Exit status 0 if so.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <span>

#include <paramorph/embed.hpp>

namespace pm = paramorph;

struct follower {
    pm::nn::conv1d<1, 4, 3, pm::padding<pm::causal>, pm::weight<pm::param::weight_norm<>>> ear;
    pm::nn::gru<4, 6> memory;
    pm::nn::linear<6, 1> head;
    constexpr auto forward(auto x) const {  // [1, time]
        auto const [ys, last] = memory(pm::transpose(pm::tanh(ear(x))));
        return head(ys);  // [time, 1]
    }
};
BOOST_HANA_ADAPT_STRUCT(follower, ear, memory, head);

// What was trained; pm::write_originals writes it on the host.
inline constexpr auto trained = [] {
    pm::network_originals<follower> numbers;
    pm::random source{pm::seed{1}};
    for (float& x : numbers.of) x = static_cast<float>(source.uniform(-0.6, 0.6));
    return numbers;
}();
constexpr auto network = pm::freeze<trained>();

// [readme]
static constinit pm::streaming<decltype(network), 16> sound;  // all the RAM it needs
static_assert(decltype(sound)::bytes() <= 4096 && decltype(sound)::flash_bytes <= 2048);
// [readme]

int main() {
    constexpr int length = 50;
    float x[length], by_step[length], in_blocks[length];
    for (int t = 0; t < length; ++t) x[t] = std::sin(0.3F * static_cast<float>(t));
    for (int t = 0; t < length; ++t) by_step[t] = sound.step(x[t]);
    sound.reset();
    bool same = true;
    for (int t = 0, n = 1; t < length; t += n++) {
        n = n < length - t ? n : length - t;
        auto const count = static_cast<std::size_t>(n);
        same = sound.process(std::span<float const>(x + t, count), std::span(in_blocks + t, count)).ok() && same;
    }
    for (int t = 0; t < length; ++t) same = same && by_step[t] == in_blocks[t] && std::isfinite(by_step[t]);
    std::printf("steps and blocks %s; %zu bytes of RAM, %d of flash\n", same ? "are the same bits" : "differ",
                decltype(sound)::bytes(), decltype(sound)::flash_bytes);
    return same ? 0 : 1;
}
