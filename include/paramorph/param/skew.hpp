// skew: triu(x, 1) - triu(x, 1)^T, [n, n] -> [n, n]; the strict upper triangle is free. right_inverse: triu(a, 1).
// Grade: right, on the skew-symmetric matrices. Cost: one pass over memory. Source: torch's parametrization tutorial
// (Skew).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/subtract.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct skew {
    using codomain = set::skew;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) {
        if constexpr (paramorph::detail::is_square<"skew", decltype(x), true>())
            return triu<1>(x) - transpose(triu<1>(x));
        else
            return x;
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (decltype(a)::rank < 2)
            return a;  // forward says it
        else
            return triu<1>(a);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
