// sdp_lipschitz: diag(t)^(-1/2) x, t_i = sum over j of |x x^T|_ij exp(q_j - q_i), [m, n] -> [m, n]: matrices whose
// spectral norm is 1 at most, of two originals, x and q [m], which says whose rows give way to whose. With equal q it
// is almost_orthogonal_lipschitz of a wide x; its transpose is W T^(-1/2) of Araujo et al.
//
// Why: t_i - |x x^T|_ii is the sum of the others, each weighed by exp(q_j - q_i), so diag(t) - x x^T, similar to a
// diagonally dominant matrix, is positive semidefinite. There is no right_inverse. Rows of any size are taken: a common
// factor of x, and a common summand of q, change nothing; of |x_i| exp(q_i) what is below 1e-30 of the largest counts
// as that. A row of zeros stays one, and has no gradient. The norm exceeds 1 by rounding at most. Initial q: drawn as x
// is. Errors: a tensor that is no matrix. Cost: a product of matrices. Source: Araujo et al. 2023, "A unified algebraic
// perspective on Lipschitz neural networks", theorem 3.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/almost_orthogonal_lipschitz.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

template <class Shape>
struct matrix_and_rows {
    using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
        "sdp_lipschitz: the tensor must be a matrix: it is ", Shape::value)>;
    using said = typename wrong::type;
    using type = shapes<Shape, shape<1>>;
};
template <int Rows, int Columns>
struct matrix_and_rows<shape<Rows, Columns>> {
    using type = shapes<shape<Rows, Columns>, shape<Rows>>;
};

}  // namespace detail

struct sdp_lipschitz {
    using codomain = set::contraction<1>;
    template <class Shape>
    using original_shapes = typename detail::matrix_and_rows<Shape>::type;
    static constexpr auto forward(auto x, auto q) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank != 2)
            return x;  // what makes the shapes says it
        else
            return detail::over_row_sums(x, reshape<shape<e.d[0], 1>>(exp(q - detach(max(q)))));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
