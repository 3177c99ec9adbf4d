// exponential: exp(x), any shape: positive numbers over many orders of magnitude; for those near one see positive.
// right_inverse: log(y). Grade: bijective, on the positive numbers. Every value is greater than zero and finite: x is
// taken as at most 88.722 (float) or 709.78 (double), where exp(x) is nearly the largest number, and where exp
// underflows it is the least positive one. log_abs_det: the sum of x. Errors:
// assigning a number that is not positive. Cost: one pass over memory. Source: Stan Reference Manual, Lower bounded
// scalar, with the bound 0; torch.distributions.transforms.ExpTransform.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct exponential {
    using codomain = set::positive;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        constexpr bool in_float = sizeof(typename decltype(x)::value_type) == sizeof(float);
        constexpr double most = in_float ? 88.722 : 709.78;
        return detail::positive_and_finite(exp(detail::bounded(x, in_float ? -1e30 : -1e300, most)));
    }
    static constexpr auto right_inverse(auto a) {
        return log(require(a, a > 0, "exponential: every element assigned must be greater than zero"));
    }
    static constexpr auto log_abs_det(auto x) { return sum(x); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
