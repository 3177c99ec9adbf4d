// A round trip through a parametrization that has no way back.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/parametrize/round_trips.hpp>

namespace pm = paramorph;

struct positive {
    static constexpr auto forward(auto x) { return pm::exp(x); }
#ifndef MISTAKE
    static constexpr auto right_inverse(auto y) { return pm::log(y); }
#endif
};
static_assert(
    pm::round_trips<
        positive,
        pm::shape<
            3>>());  // error: round_trips: positive has no right_inverse, so nothing round-trips; add one
