// Streams a network sample by sample and in blocks. Prints whether the bits are the same, how far they are from the
// host's (in units of 1e-9), instructions a sample and bytes.
//
// SPDX-License-Identifier: BSL-1.0
#include <span>

#include "board.hpp"
#include "follower.hpp"
#include "heard.hpp"
#include "report.hpp"

using stream = paramorph::streaming<paramorph::frozen<follower::values>, 16>;
static constinit stream sound;
static float x[sequences::samples], by_step[sequences::samples], in_blocks[sequences::samples];

static std::uint32_t ticks_of(auto const& work) {
    std::uint32_t const start = board::ticks();
    work();
    return (board::ticks() - start) & 0xFFFFFFu;
}

int main() {
    constexpr int samples = sequences::samples;
    for (int t = 0; t < samples; ++t) x[t] = sequences::sample(t);
    board::start_clock();
    std::uint32_t const empty = ticks_of([] {});
    board::paint_stack();
    std::uint32_t const steps = ticks_of([] {
        for (int t = 0; t < samples; ++t) by_step[t] = sound.step(x[t]);
    });
    float worst = 0;
    for (int t = 0; t < samples; ++t)
        if (float const d = by_step[t] > heard[t] ? by_step[t] - heard[t] : heard[t] - by_step[t]; d > worst || d != d)
            worst = d;
    int differ = 0, refused = 0;
    std::uint32_t blocks = 0;
    for (int const n : {96, 1, 2, 5, 15, 16, 17, 33}) {
        sound.reset();
        std::uint32_t const took = ticks_of([&] {
            for (int t = 0; t < samples; t += n) {
                auto const count = static_cast<std::size_t>(n < samples - t ? n : samples - t);
                refused += !sound.process(std::span<float const>(x + t, count), std::span(in_blocks + t, count));
            }
        });
        if (n == 96) blocks = took;
        for (int t = 0; t < samples; ++t) differ += in_blocks[t] != by_step[t];
    }
    auto const instructions = [&](std::uint32_t ticks) {
        return static_cast<long>((ticks - empty) * 5ul / 8ul / static_cast<unsigned long>(samples));
    };
    board::report("differ", differ);
    board::report("refused", refused);
    board::report("from_the_host", worst <= 1 ? static_cast<long>(worst * 1e9F) : -1);
    board::report("instructions", instructions(steps));
    board::report("instructions_in_blocks", instructions(blocks));
    board::report("memory", static_cast<long>(stream::bytes()));
    board::report("flash", stream::flash_bytes);
    board::report("stack", board::stack_bytes_used());
    return 0;
}
