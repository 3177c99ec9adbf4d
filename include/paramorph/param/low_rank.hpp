// low_rank<r>: a b, [m, r] and [r, n] -> [m, n]; r (m + n) numbers instead of m n. right_inverse: the nearest
// matrix of rank r, from the singular value decomposition w = u s vh: a = u_r sqrt(s_r), b = sqrt(s_r) vh_r. Grade:
// right, on the matrices of rank at most r. Cost: one product of matrices; assigning, an svd. Source: Eckart and Young
// 1936.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/matmul.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Rank>
struct low_rank {
    static_assert(Rank > 0, "low_rank: the rank must be positive");
    using codomain = set::rank_at_most<Rank>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    static constexpr auto forward(auto a, auto b) { return matmul(a, b); }
    static constexpr auto right_inverse(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        static_assert(e.rank == 2 && Rank <= e.d[0] && Rank <= e.d[1],
                      "low_rank: the tensor must be a matrix with at least as many rows and columns as the rank");
        auto [u, s, vh] = svd(w);
        auto const root = sqrt(slice<0, 0, Rank>(s));
        return originals(slice<1, 0, Rank>(u) * root, slice<0, 0, Rank>(vh) * unsqueeze<1>(root));
    }
};

#if PARAMORPH_PROVE_CLAIMS
static_assert(parametrization<low_rank<2>, shape<3, 4>>);
static_assert(round_trips<low_rank<1>, shape<2, 3>>());
#endif

}  // namespace paramorph::inline PARAMORPH_ABI::param
