// Questions about the shape of a matrix that parametrizations share. Each says what is wrong where the answer is no;
// what asks then goes on with a harmless value.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI::param::detail {

template <fixed_string Who, traced Y>
constexpr bool is_a_matrix() {
    constexpr extents s = extents_of<Y>;
    if constexpr (s.rank != 2) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": the tensor must be a matrix: it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return s.rank == 2;
}
// Can a matrix of these extents have this rank?
constexpr bool can_have_rank(int rank, extents const& e) {
    return rank > 0 && e.rank == 2 && rank <= e.d[0] && rank <= e.d[1];
}
template <fixed_string Who, int Rank, traced Y>
constexpr bool is_a_matrix_of_rank() {
    constexpr extents e = extents_of<Y>;
    if constexpr (!can_have_rank(Rank, e)) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": the rank must be positive and at most the number of rows and of columns of a matrix: rank ",
            Rank, " of ", e)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return can_have_rank(Rank, e);
}
// The number of singular values.
constexpr int shorter_side(extents const& e) {
    return e.d[0] < e.d[1] ? e.d[0] : e.d[1];
}

}  // namespace paramorph::inline PARAMORPH_ABI::param::detail
