// Runs on the board: the network of train.cpp on a few windows. Exit status 0 if it hears what it heard on the host.
//
// SPDX-License-Identifier: BSL-1.0
#include "board.hpp"
#include "model.hpp"
#include "samples.hpp"

namespace {

namespace pm = paramorph;

// What the network may cost. Its numbers are in flash, and its workspace is all the memory it needs.
static_assert(pm::ram_bytes<model::network> <= 64);
static_assert(pm::flash_bytes<model::network> <= 1400);
pm::workspace<model::network> space;

}  // namespace

int main() {
    int same = 0;
    std::uint32_t longest = 0;
    board::start_clock();
    for (int k = 0; k < shown; ++k) {
        float logits[4];
        std::uint32_t const start = board::ticks();
        pm::status const s = model::network(windows[k], logits, space.bytes);
        std::uint32_t const took = (board::ticks() - start) & 0xFFFFFFu;
        if (!s) {
            board::print(s.failed);
            return 1;
        }
        longest = took > longest ? took : longest;
        int heard = 0;
        for (int c = 1; c < 4; ++c)
            if (logits[c] > logits[heard]) heard = c;
        same += heard == on_the_host[k];
    }
    board::print(same);
    board::print(" of ");
    board::print(shown);
    board::print(" as on the host; at most ");
    board::print(static_cast<long>(longest));
    board::print(" ticks; ");
    board::print(board::stack_bytes_used());
    board::print(" bytes of stack\n");
    return same == shown ? 0 : 1;
}
