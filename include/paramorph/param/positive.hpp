// positive: softplus(x) = log(1 + exp(x)), any shape. right_inverse: y + log(-expm1(-y)), accurate for small y and
// without overflow. Grade: bijective, on the positive numbers. Every value is greater than zero and finite: where
// softplus underflows (x below about -103 in float, -745 in double), it is the least positive number. log_abs_det:
// the sum of log(sigmoid(x)), -softplus(-x). Errors: assigning a number that is not positive. Cost: one pass over
// memory. Source: torch.nn.functional.softplus.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct positive {
    using codomain = set::positive;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) { return detail::positive_and_finite(softplus(x)); }
    static constexpr auto right_inverse(auto a) {
        auto y = require(a, a > 0, "positive: every element assigned must be greater than zero");
        return y + log(where(y < 1e-30, y, -expm1(-y)));  // 1 - exp(-y) is y there, down to the least number
    }
    static constexpr auto log_abs_det(auto x) { return -sum(softplus(-x)); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
