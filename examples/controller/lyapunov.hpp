// The proof's function: by how much x'Px changes in a period of the closed loop.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "pendulum.hpp"

namespace pendulum {

// The best law of the pendulum near the upright, torque against it = angle x0 + rate x1, and what it costs from a state
// on, V(x) = p00 x0^2 + 2 p01 x0 x1 + p11 x1^2: the fixed point of the Riccati equation of the linear pendulum, for the
// cost x0^2 + x1^2 / 10 + torque^2 of a period (LQR).
struct law {
    double angle, rate, p00, p01, p11;
};
constexpr law best_law() {
    double const a01 = period, a10 = period * gravity, a11 = 1 - period * friction, b = period * inverse_inertia;
    law l{0, 0, 1, 0, 0.1};
    for (int k = 0; k < 1000; ++k) {
        double const pa00 = l.p00 + l.p01 * a10, pa01 = l.p00 * a01 + l.p01 * a11, pa10 = l.p01 + l.p11 * a10,
                     pa11 = l.p01 * a01 + l.p11 * a11, scale = 1 + b * b * l.p11;
        double const k0 = b * pa10 / scale, k1 = b * pa11 / scale;
        l = {k0, k1, 1 + pa00 + a10 * pa10 - scale * k0 * k0, pa01 + a10 * pa11 - scale * k0 * k1,
             0.1 + a01 * pa01 + a11 * pa11 - scale * k1 * k1};
    }
    return l;
}

// V(x) = (l0 x0 + l1 x1)^2 + (l2 x1)^2.
inline constexpr double l0 = pm::math::sqrt(best_law().p00), l1 = best_law().p01 / l0,
                        l2 = pm::math::sqrt(best_law().p11 - l1 * l1);
constexpr double value_of(double angle, double rate) {
    return (l0 * angle + l1 * rate) * (l0 * angle + l1 * rate) + l2 * rate * (l2 * rate);
}

// V of the state a period later, less V of the state: each square's change is that of its root times the sum of both
// roots, which bounds do not lose.
template <class Controller>
struct change_of_value {
    using input_shape = state;
    Controller control;
    constexpr auto forward(auto x) const {
        auto const angle = angle_of(x), rate = rate_of(x);
        auto const [of_angle, of_rate] = step_of(angle, rate, control(x));
        auto const first = l0 * of_angle + l1 * of_rate;
        auto const second = l2 * of_rate;
        return first * (2 * (l0 * angle + l1 * rate) + first) + second * (2 * l2 * rate + second);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace pendulum

BOOST_HANA_ADAPT_STRUCT(pendulum::change_of_value<pendulum::controller>, control);
