// What is claimed of the controller: by its type, of its numbers, and of the closed loop that it is in.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

#include "lyapunov.hpp"
#include "trained.hpp"

namespace pendulum {

using network = decltype(trained::network);

// [claims]
constexpr pm::box<state> states{{-0.6, -2}, {0.6, 2}}, upright{{-0.075, -0.25}, {0.075, 0.25}};
constexpr pm::box_outside<state> everywhere{states, upright}, swinging_up{{{-0.6, 0}, {0.6, 2}}, upright};
using rises = pm::claim::monotone<>;
using is_gentle = pm::claim::lipschitz<12>;              // N m for one more rad, or rad/s
using is_strong = pm::claim::within<states, -1.9, 1.9>;  // N m

// The closed loop's numbers are the controller's: by how much x'Px changes in a period.
constexpr pm::network_values<change_of_value<controller>> numbers{trained::values.of};
constexpr pm::frozen<numbers> change;
using falls_by_cells = pm::claim::within<swinging_up, -20, -0.001, 14>;
// [claims]

// The same as a claim of the controller, for those who read its evidence.
struct value_falls {
    static constexpr bool of_numbers = true;
    static constexpr auto statement() {
        auto s = falls_by_cells::statement();
        s.append("; the result is the change of x'Px in a period of the closed loop");
        return s;
    }
    template <class>
    static constexpr bool holds = falls_by_cells::holds<decltype(change)>;
    template <class>
    static constexpr double margin = falls_by_cells::margin<decltype(change)>;
    template <class>
    static constexpr auto why_not() {
        return falls_by_cells::why_not<std::remove_cv_t<decltype(change)>>();
    }
};

}  // namespace pendulum
