// A controller with a proof: a network that holds an inverted pendulum up, and what the build proves of it.
//
// By its type, for any numbers that training may find: it is monotone and its Lipschitz constant is below 12. Of its
// numbers, which train.cpp found, trained.hpp has and the image on the board holds: its range, and that x'Px falls in
// each period by more than 0.001 in all states of a box outside of a neighbourhood of the upright, whose sides are an
// eighth of the box's. The compiler proves that of the half of the box where the rate is not negative, cell by cell;
// the program proves it of the whole box, by the same functions, in a few milliseconds.
//
// So from any state where x'Px <= level, an ellipse in the box, the loop stays in it and is in the neighbourhood within
// level / 0.001 periods; and from there no period leads out of the ellipse. The pendulum of the proof is exact but for
// the rounding of its float program; a simulation rounds its state too, which moves x'Px by less than 1e-5.
//
// The program proves, simulates, and prints the evidence. Exit status 0 if all holds, and every run does as proved.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

#include "lyapunov.hpp"
#include "simulation.hpp"

using namespace pendulum;

// [types]
static_assert(pm::proved<pm::claim::monotone<>, controller>);
static_assert(pm::proved<pm::claim::lipschitz<12>, controller>);  // N m for one more rad, or rad/s
// [types]

// [range]
constexpr pm::box<state> states{{-0.6, -2}, {0.6, 2}};
using network = decltype(trained::network);
static_assert(pm::proved<pm::claim::within<states, -1.9, 1.9>, network>);
static_assert(pm::proved_bounds<trained::network, states>.no_nan());
// [range]

// [falls]
constexpr pm::box<state> upright{{-0.075, -0.25}, {0.075, 0.25}};
constexpr pm::box_outside<state> everywhere{states, upright}, not_falling{{{-0.6, 0}, {0.6, 2}}, upright};
constexpr pm::network_values<change_of_value<controller>> numbers{trained::values.of};  // the image's
constexpr pm::frozen<numbers> change;
static_assert(pm::proved<pm::claim::within<not_falling, -20, -0.001, 14>, decltype(change)>);
static_assert(pm::proved<pm::claim::within<upright, -20, 1>, decltype(change)>);
// [falls]

// The largest ellipse x'Px <= level in the box, and the largest x'Px a period after a state of the neighbourhood.
constexpr double level = std::min(0.6 * 0.6 * l0 * l0 * l2 * l2 / (l1 * l1 + l2 * l2), 2 * 2 * l2 * l2) * (1 - 1e-9);
static_assert(value_of(0.075, 0.25) + 1 < level);

int main() {
    auto const found = pm::within_cells(change, everywhere, -20, -0.001, 14);
    std::printf("x'Px falls in %d cells, by %.4f at least; torque within [%.3f, %.3f]; Lipschitz constant %.2f\n",
                found.cells, 0.001 + found.margin, pm::proved_bounds<trained::network, states>.lower(0),
                pm::proved_bounds<trained::network, states>.upper(0), pm::lipschitz<controller>);
    bool right = found.proved;
    for (auto const& start : starts) {
        simulation loop{{start[0], start[1]}};
        int first = -1;
        double value = value_of(start[0], start[1]);
        right = right && value <= level;
        for (int k = 0; k < periods && right; ++k) {
            bool const near = std::abs(loop.x[0]) <= upright.upper[0] && std::abs(loop.x[1]) <= upright.upper[1];
            if (near && first < 0) first = k;
            right = loop.step();
            double const next = value_of(loop.x[0], loop.x[1]);
            right = right && next <= level && (near || next <= value - 0.001 + 1e-5);
            value = next;
        }
        std::printf("from %5.2f rad, %5.2f rad/s: near the upright after %.2f s; x'Px %.2g after %.0f s\n",
                    double(start[0]), double(start[1]), first * period, value, periods * period);
        right = right && first >= 0;
    }
    return right ? 0 : 1;
}
