// low_rank<r>: a b, [m, r] and [r, n] -> [m, n]; r (m + n) numbers instead of m n. right_inverse: the nearest
// matrix of rank r, from the singular value decomposition w = u s vh: a = u_r sqrt(s_r), b = sqrt(s_r) vh_r. A singular
// value that is zero beside the largest one (below r epsilon of it) stays in a alone, and b's row is as long as that of
// the largest one (1 if all are zero): where both factors are zero, neither has a gradient, and the rank could never
// grow again. Grade: right, on the matrices of rank at most r. Cost: one product of matrices; in a layer that alone
// reads it, x w^T is (x b^T) a^T where that is cheaper, and w is not made (matmul_in_factors: x b^T must fit);
// assigning, an svd.
// Source: Eckart and Young 1936.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/op/compare.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Rank>
struct low_rank {
    using codomain = set::rank_at_most<Rank>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto a, auto b) {
        constexpr extents x = extents_of<decltype(a)>, y = extents_of<decltype(b)>;
        if constexpr (x.rank == 2 && y.rank == 2 && x.d[1] == y.d[0])
            return matmul_in_factors(a, b);
        else
            return a;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto w) {
        if constexpr (detail::is_a_matrix_of_rank<"low_rank", Rank, decltype(w)>())
            return factors(w);
        else
            return originals(w, w);
    }

  private:
    static constexpr auto factors(auto w) {
        auto [u, s, vh] = svd(w);
        constexpr double rounding = Rank * double(std::numeric_limits<typename decltype(w)::value_type>::epsilon());
        auto const kept = slice<0, 0, Rank>(s);
        auto const root = sqrt(kept);
        auto const largest = slice<0, 0, 1>(s);
        auto const is_zero = kept <= largest * rounding;
        auto const length = where(largest, sqrt(largest), 1.0);
        return originals(slice<1, 0, Rank>(u) * where(is_zero, kept / length, root),
                         slice<0, 0, Rank>(vh) * unsqueeze<1>(where(is_zero, length, root)));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
