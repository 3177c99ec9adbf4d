// A controller with a proof: a network that holds an inverted pendulum up, and what the build proves of it.
//
// By its type, for any numbers that training may find: it is monotone, and its Lipschitz constant is below 12. Of its
// numbers, which train.cpp found, trained.hpp has and the image on the board holds: its range, and that x'Px falls in
// each period by more than 0.001, in all states of a box outside of a neighbourhood of the upright whose sides are an
// eighth of the box's. The compiler proves that of the half of the box where the rate is not negative, cell by cell;
// the program proves it of the whole box, by the same functions, in a few milliseconds.
//
// So from any state where x'Px <= level, an ellipse in the box, the loop stays in it and is in the neighbourhood within
// level / 0.001 periods; and from there no period leads out of the ellipse. The pendulum of the proof is exact but for
// its constants in float, and the rounding of the float program that computes the change; a simulation rounds the
// state, too, and all of that moves x'Px by less than 1e-5.
//
// Exit status 0 if all is proved, and runs from states of the ellipse do as proved.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "proof.hpp"
#include "simulation.hpp"

using namespace pendulum;

// [proof]
static_assert(pm::proved<rises, controller>);
static_assert(pm::proved<is_gentle, controller>);
static_assert(pm::proved<is_strong, network>);
static_assert(pm::proved<falls_by_cells, decltype(change)>);                      // half of the box: 10 s
static_assert(pm::proved<pm::claim::within<upright, -20, 1>, decltype(change)>);  // it rises by at most 1
// [proof]

// Claims of the type are of these numbers, too: they are within the ends of their intervals.
static_assert([] {
    for (int i = 0; i < 24; ++i)
        if (!(trained::values.of[i] >= 0 && trained::values.of[i] <= (i < 16 ? 1.0F : 0.5F))) return false;
    return true;
}());

// The largest ellipse x'Px <= level in the box; the largest x'Px of the neighbourhood is that of a corner.
constexpr double level = std::min(0.6 * 0.6 * l0 * l0 * l2 * l2 / (l1 * l1 + l2 * l2), 2 * 2 * l2 * l2) * (1 - 1e-9);
static_assert(value_of(0.075, 0.25) + 1 < level);

int main() {
    auto const found = pm::within_cells(change, everywhere, -20, -0.001, 14);
    std::printf("x'Px falls in %d cells, by %.4f at least; torque within %.3f N m; Lipschitz constant %.2f\n",
                found.cells, 0.001 + found.margin, 1.9 - is_strong::margin<network>, pm::lipschitz<controller>);
    bool right = found.proved;

    // No state that is tried is otherwise.
    static pm::workspace<change> space;
    pm::random draws{pm::seed{0}};
    double largest = -1e9;
    for (int k = 0; k < 100'000; ++k) {
        float const x[]{static_cast<float>(draws.uniform(-0.6, 0.6)), static_cast<float>(draws.uniform(-2, 2))};
        bool const near = std::abs(double(x[0])) <= upright.upper[0] && std::abs(double(x[1])) <= upright.upper[1];
        float by[1];
        if (near) continue;
        right = change(x, by, space.bytes).ok() && right && double(by[0]) <= -0.001 - found.margin;
        largest = std::max(largest, double(by[0]));
    }
    std::printf("of 100000 states it falls by %.4f at least\n", -largest);

    for (auto const& start : starts) {
        simulation loop{{start[0], start[1]}};
        int first = -1;
        double value = value_of(double(start[0]), double(start[1]));
        right = right && value <= level;
        for (int k = 0; k < periods && right; ++k) {
            bool const near =
                std::abs(double(loop.x[0])) <= upright.upper[0] && std::abs(double(loop.x[1])) <= upright.upper[1];
            if (near && first < 0) first = k;
            right = loop.step();
            double const next = value_of(double(loop.x[0]), double(loop.x[1]));
            right = right && next <= level && (near || next <= value - 0.001 + 1e-5);
            value = next;
        }
        std::printf("from %5.2f rad, %5.2f rad/s: near the upright after %.2f s; x'Px is %.2g after %.0f s\n",
                    double(start[0]), double(start[1]), first * period, value, periods * period);
        right = right && first >= 0;
    }
    return right ? 0 : 1;
}
