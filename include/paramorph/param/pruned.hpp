// pruned<n, m>: the n largest in magnitude of every m along the last axis, the others 0, any rank from 1 on: weights of
// n : m sparsity, 2 : 4 for processors that skip the others. Of equal magnitudes the first ones stay. That is the
// nearest tensor of the set. Gradient: the cotangent where a number stays, 0 elsewhere; which ones stay follows the
// original, so that one that was pruned comes back when the others become smaller. right_inverse(y): y itself. Grade:
// right. Errors: m must divide the last extent. Cost: m comparisons for each number, and one pass over memory. Source:
// Mishra et al. 2021, "Accelerating sparse deep neural networks"; torch.sparse's 2 : 4 tensors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int N, int M>
struct pruned {
    static_assert(N > 0 && M > N && M <= 64, "pruned: give n of m with 0 < n < m, and m at most 64");
    using codomain = set::pruned<N, M>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank > 0 && e.from_end(0) % M == 0) {
            auto const groups = abs(reshape<shape<e.size() / M, M>>(x));
            // [group, i, j]: does j come before i?
            auto const i = unsqueeze<2>(groups);
            auto const j = unsqueeze<1>(groups);
            auto const ones = detail::filled_like(slice<0, 0, 1>(groups), 1);
            auto const earlier = tril<-1>(where(identity<M>(), ones, ones));
            auto const before = where(earlier, j >= i, j > i);
            return where(reshape<shape_type_of<decltype(x)>>(sum<2>(before) < double(N)), x, 0.0);
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        constexpr extents e = extents_of<decltype(y)>;
        if constexpr (e.rank == 0 || e.from_end(0) % M != 0) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "pruned: the last extent of the tensor must be a multiple of ", M, ": it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return y;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
