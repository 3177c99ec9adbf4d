// An inverted pendulum, and the network that holds it up.
//
// A rod of 1 m with a mass of 0.1 kg at its end stands on a joint with a motor. State: angle from the upright in rad,
// angular rate in rad/s. Fifty times a second the controller reads the state and sets the torque, of at most 2 N m.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/common.hpp"

namespace pendulum {

namespace pm = paramorph;

inline constexpr double period = 0.02, gravity = 9.81, inverse_inertia = 10, friction = 0.1, largest_torque = 2;
using state = pm::shape<2>;

// [controller]
struct motor {
    static constexpr auto forward(auto x) { return largest_torque * pm::tanh(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// The torque against the pendulum's motion, [2] -> [1]. Weights from 0 on and rising activations: it never pushes less
// where the angle or the rate is larger. Weights up to an end: it has a Lipschitz constant. No bias: upright and at
// rest it does nothing.
template <class Hidden = pm::weight<pm::param::interval<0, 1>>>
using controller_with =
    pm::nn::sequential<pm::nn::linear<2, 8, pm::no_bias, Hidden>, pm::nn::tanh,
                       pm::nn::linear<8, 1, pm::no_bias, pm::weight<pm::param::interval<0, 0.5>>>, motor>;
using controller = controller_with<>;
// [controller]

constexpr auto angle_of(auto x) {
    return pm::slice<0, 0, 1>(x);
}
constexpr auto rate_of(auto x) {
    return pm::slice<0, 1, 2>(x);
}
// By how much angle and rate change in a period.
constexpr auto step_of(auto angle, auto rate, auto torque) {
    return std::tuple{period * rate, period * (gravity * pm::sin(angle) - inverse_inertia * torque - friction * rate)};
}

// The pendulum: a state, and the torque against its motion -> the state a period later.
struct plant {
    using input_shapes = pm::shapes<state, pm::shape<1>>;
    constexpr auto forward(auto x, auto torque) const {
        auto const [of_angle, of_rate] = step_of(angle_of(x), rate_of(x), torque);
        return x + pm::concatenate<0>(of_angle, of_rate);
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

}  // namespace pendulum

BOOST_HANA_ADAPT_STRUCT(pendulum::motor);
BOOST_HANA_ADAPT_STRUCT(pendulum::plant);
