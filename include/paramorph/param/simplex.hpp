// simplex: exp(x_i) / sum_j exp(x_j) along the last axis, any rank from 1 on: rows of positive numbers that sum to one.
// right_inverse: log(y). Grade: right, on rows without zeros; there is no log_abs_det, because x + c gives the same
// row: ilr_simplex has one. The numbers of a row are at least 0 (exactly where one of them underflows) and their exact
// sum is within (n + 4) epsilon of 1. Errors: assigning a number that is not positive. Cost: three passes over each row
// while it is in the cache. Source: torch.nn.functional.softmax.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct simplex {
    using codomain = set::simplex;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        constexpr bool has_axis = decltype(x)::rank > 0;
        static_assert(has_axis, "simplex: the tensor must have at least one axis");
        if constexpr (has_axis)
            return softmax(x);
        else
            return x;
    }
    static constexpr auto right_inverse(auto y) {
        return log(require(y, y > 0, "simplex: every number assigned must be greater than zero"));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
