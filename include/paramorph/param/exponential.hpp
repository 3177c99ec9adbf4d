// exponential: exp(x), any shape: positive numbers over many orders of magnitude; for those near one see positive.
// right_inverse: log(y). Grade: bijective, on the positive numbers. Errors: assigning a number that is not positive.
// Cost: one pass over memory.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct exponential {
    using codomain = set::positive;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) { return exp(x); }
    static constexpr auto right_inverse(auto a) {
        return log(require(a, a > 0, "exponential: every element assigned must be greater than zero"));
    }
};

#if PARAMORPH_PROVE_CLAIMS
static_assert(parametrization<exponential, shape<3>>);
static_assert(round_trips<exponential, shape<3>>());
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::param
