// Writes how the controller of examples/controller holds the pendulum up on this machine: `swings FOLDER` writes
// swings.hpp there, states of each run, which the image compares with its own.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <cstdlib>
#include <string>

#include <paramorph/paramorph.hpp>

#include "../../examples/controller/simulation.hpp"

int main(int argc, char** argv) {
    using namespace pendulum;
    if (argc != 2) return EXIT_FAILURE;
    std::FILE* const f = std::fopen((std::string(argv[1]) + "/swings.hpp").c_str(), "w");
    if (!f) return EXIT_FAILURE;
    std::fprintf(f, "#pragma once\ninline constexpr float swings[][2] = {\n");
    bool good = true;
    for (auto const& start : starts) {
        simulation loop{{start[0], start[1]}};
        for (int k = 1; k <= periods; ++k) {
            good = good && loop.step();
            if (k % kept_every == 0)
                std::fprintf(f, "    {%af, %af},\n", static_cast<double>(loop.x[0]), static_cast<double>(loop.x[1]));
        }
    }
    std::fprintf(f, "};\n");
    return std::fclose(f) == 0 && good ? EXIT_SUCCESS : EXIT_FAILURE;
}
