// A parametrization that is not defined at the samples of a round trip.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>
#include <paramorph/op/compare.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/log.hpp>
#include <paramorph/op/require.hpp>
#include <paramorph/op/subtract.hpp>
#include <paramorph/parametrize/round_trips.hpp>

namespace pm = paramorph;

struct logarithm {
#ifdef MISTAKE
    static constexpr auto forward(auto x) { return pm::log(pm::require(x, x > 0, "logarithm: positive numbers only")); }
#else
    static constexpr auto forward(auto x) {
        return pm::log(pm::require(x + 1, x + 1 > 0, "logarithm: positive numbers only"));
    }
#endif
    static constexpr auto right_inverse(auto y) { return pm::exp(y) - 1; }
};
static_assert(
    pm::round_trips<logarithm, pm::shape<3>>());  // error: round_trips: what an operation requires does not hold
