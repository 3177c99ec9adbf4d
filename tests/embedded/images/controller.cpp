// Holds an inverted pendulum up with the frozen controller of examples/controller. Prints how many runs reach the
// neighbourhood of the upright that is proved on the host, how far the states are from the host's (in units of 1e-9),
// instructions of a call of the controller and bytes.
//
// SPDX-License-Identifier: BSL-1.0
#include "../../../examples/controller/simulation.hpp"
#include "board.hpp"
#include "report.hpp"
#include "swings.hpp"

using namespace pendulum;

static constinit simulation loop{{0, 0}};

static float distance(float a, float b) {
    return a > b ? a - b : b - a;
}

int main() {
    board::start_clock();
    board::paint_stack();
    float worst = 0;
    int reached = 0, refused = 0, at = 0;
    for (auto const& start : starts) {
        loop.x[0] = start[0];
        loop.x[1] = start[1];
        bool near = false;
        for (int k = 1; k <= periods; ++k) {
            refused += !loop.step();
            near = near || (distance(loop.x[0], 0) <= 0.075F && distance(loop.x[1], 0) <= 0.25F);
            if (k % kept_every != 0) continue;
            for (int i = 0; i < 2; ++i)
                if (float const d = distance(loop.x[i], swings[at][i]); d > worst || d != d) worst = d;
            ++at;
        }
        reached += near;
    }
    float torque[1];
    std::uint32_t const start = board::ticks();
    refused += !trained::network(starts[0], torque, loop.space.bytes);
    std::uint32_t const took = (board::ticks() - start) & 0xFFFFFFu;
    board::report("runs", runs);
    board::report("reached", reached);
    board::report("refused", refused);
    board::report("from_the_host", worst <= 1 ? static_cast<long>(worst * 1e9F) : -1);
    board::report("instructions", static_cast<long>(took * 5ul / 8ul));
    board::report("memory", static_cast<long>(sizeof(loop.space)));
    board::report("flash", paramorph::flash_bytes<trained::network>);
    board::report("stack", board::stack_bytes_used());
    return 0;
}
