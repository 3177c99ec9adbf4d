// Reads the digits held out, and prints how: right ones, those that the host's network predicts as well, instructions
// an inference, bytes of stack.
//
// SPDX-License-Identifier: BSL-1.0
#include "board.hpp"
#include "digits.hpp"
#include "network.h"
#include "report.hpp"

namespace {

// QEMU runs an instruction in 64 ns, which is 1.6 ticks of a clock of 25 MHz; reading the clock is part of the time.
constexpr unsigned long instructions(std::uint32_t total_ticks) {
    return total_ticks * 5ul / 8ul;
}

}  // namespace

int main() {
    static float x[64], y[10];
    int correct = 0, as_the_host = 0, failed = 0;
    std::uint32_t empty = 0, total = 0;
    board::start_clock();
    std::uint32_t const before = board::ticks();
    empty = (board::ticks() - before) & 0xFFFFFFu;
    board::paint_stack();
    for (int d = 0; d < held_out_count; ++d) {
        for (int i = 0; i < 64; ++i) x[i] = static_cast<float>(held_out_pixels[d * 64 + i]) * (1.0f / 16);
        std::uint32_t const start = board::ticks();
        int const worked = infer(x, y);
        std::uint32_t const took = (board::ticks() - start) & 0xFFFFFFu;
        total += took - empty;
        failed += worked == 0;
        int best = 0;
        for (int c = 1; c < 10; ++c)
            if (y[c] > y[best]) best = c;
        correct += best == held_out_labels[d];
        as_the_host += best == predicted[d];
    }
    board::report("digits", held_out_count);
    board::report("correct", correct);
    board::report("as_the_host", as_the_host);
    board::report("failed", failed);
    board::report("instructions", static_cast<long>(instructions(total / static_cast<unsigned>(held_out_count))));
    board::report("stack", board::stack_bytes_used());
    return 0;
}
