// sum_of_each_sample(x): of [batch, ...] the sum over all axes but the first, [batch]; of a vector, which is one
// sample, the sum, a number.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <traced X>
constexpr auto sum_of_each_sample(X const& x) {
    constexpr int rank = extents_of<X>.rank;
    if constexpr (rank <= 1)
        return sum(x);
    else if constexpr (rank == 2)
        return sum<1>(x);
    else if constexpr (rank == 3)
        return sum<1, 2>(x);
    else
        return sum<1, 2, 3>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
