// The closed loop, simulated: the frozen controller and the pendulum, on the host and on the board by the same lines.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "trained.hpp"

namespace pendulum {

inline constexpr pm::network_values<plant> no_numbers{};
inline constexpr pm::frozen<no_numbers> falls;

struct simulation {
    float x[2];
    pm::workspace<trained::network> space{};
    pm::workspace<falls> plant_space{};

    // A period; false where the network or the pendulum refuses.
    bool step() {
        float torque[1], next[2];
        if (!trained::network(x, torque, space.bytes) || !falls(std::tie(x, torque), next, plant_space.bytes))
            return false;
        x[0] = next[0];
        x[1] = next[1];
        return true;
    }
};

// Where it begins, and for how many periods it goes on: four seconds.
inline constexpr float starts[][2]{{0.28F, 0}, {-0.28F, 0}, {0.5F, -1.6F}, {-0.5F, 1.4F}, {0.1F, 0.6F}, {0, -1}};
inline constexpr int runs = sizeof(starts) / sizeof(starts[0]), periods = 200;
inline constexpr int kept_every = 10;  // states that the board compares with the host's

}  // namespace pendulum
