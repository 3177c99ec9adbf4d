// almost_orthogonal_lipschitz: x diag(d)^(-1/2), d_j = sum over k of |x^T x|_jk, [m, n] -> [m, n]: matrices whose
// spectral norm is 1 at most, a linear layer that is Lipschitz with 1; of a wide x the transpose of that of x^T. Where
// the columns of x are orthogonal, those of the value are orthonormal: nothing is lost there, which is what training
// leads to. A column of zeros stays one, and has no gradient.
//
// There is no right_inverse: not every contraction can be made; param::contracting makes every one, for the price of a
// factorization. Columns of any size are taken: a common factor changes nothing, and those below 1e-30 of the largest
// count as of that size beside it. The norm exceeds 1 by rounding at most. Errors: a tensor that is no matrix is the
// compiler's. Cost: two products of matrices. Source: Prach and Lampert 2022, "Almost-orthogonal layers for efficient
// general-purpose Lipschitz networks", theorem 1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/rsqrt_or_zero.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// diag(t)^(-1/2) x, t_i = sum over j of |x x^T|_ij w_j / w_i, of a matrix x and w [rows, 1] or a number, all positive.
// Rows are divided by their sizes, which w then takes in: the value does not depend on what they are divided by, and
// no square underflows. Of the largest w_i a share below 1e-30 counts as that.
constexpr auto over_row_sums(auto x, auto w) {
    auto const size = unsqueeze<1>(detach(max<1>(abs(x))));
    auto const largest = detach(max(size));
    auto const y = x / where(size, size, 1.0);
    auto const by = maximum(w * (size / where(largest, largest, 1.0)), 1e-30);
    return y * rsqrt_or_zero(matmul(abs(matmul(y, transpose(y))), by) / by);
}

}  // namespace detail

struct almost_orthogonal_lipschitz {
    using codomain = set::contraction<1>;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank != 2) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "almost_orthogonal_lipschitz: the tensor must be a matrix: it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
            return x;
        } else if constexpr (e.d[0] < e.d[1])
            return detail::over_row_sums(x, 1.0);
        else
            return transpose(detail::over_row_sums(transpose(x), 1.0));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
