// positive_ordered: y_0 = exp(x_0), y_k = y_k-1 + exp(x_k) along the last axis, any rank from 1 on: rows of positive,
// increasing numbers. right_inverse: x_0 = log(y_0), x_k = log(y_k - y_k-1). Grade: bijective. Rows are positive and
// increase strictly after rounding, too, as those of ordered. log_abs_det: the sum of x. Errors: assigning a row that
// does not increase or begins at zero or below. Cost: two passes over memory. Source: Stan Reference Manual, Positive
// ordered vector.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/subtract.hpp"
#include "paramorph/param/exponential.hpp"
#include "paramorph/param/increasing.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct positive_ordered {
    using codomain = set::positive_ordered;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        if constexpr (detail::has_rows<"positive_ordered", decltype(x)>())
            return detail::increasing(exponential::forward(x));
        else
            return x;
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (decltype(y)::rank == 0)
            return y;  // forward says what is wrong
        else {
            constexpr int n = extents_of<decltype(y)>.from_end(0);
            auto const steps = y - slice<-1, 0, n>(pad<-1, 1, 0>(y));
            return log(
                require(steps, steps > 0,
                        "positive_ordered: every element assigned must exceed the one before it in its row, and the "
                        "first one zero"));
        }
    }
    static constexpr auto log_abs_det(auto x) { return sum(x); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
