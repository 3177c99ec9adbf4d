// almost_orthogonal_lipschitz: x diag(d)^(-1/2), d_j = sum over k of |x^T x|_jk, [m, n] -> [m, n]: matrices whose
// spectral norm is 1 at most, a linear layer that is Lipschitz with 1; of a wide x the transpose of that of x^T. Where
// the columns of x are orthogonal, those of the value are orthonormal: nothing is lost there, which is what training
// leads to. A column of zeros stays one, and has no gradient.
//
// There is no right_inverse: not every contraction can be made; param::contracting makes every one, for the price of a
// factorization. Numbers of any size are taken: a common factor changes nothing. The norm exceeds 1 by rounding at
// most. Errors: a tensor that is no matrix is the compiler's. Cost: two products of matrices. Source: Prach and Lampert
// 2022, "Almost-orthogonal layers for efficient general-purpose Lipschitz networks", theorem 1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/rsqrt_or_zero.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

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
            return transpose(forward(transpose(x)));
        else {
            auto const largest = detach(max(abs(x)));
            auto const y = x / where(largest, largest, 1.0);
            return y * rsqrt_or_zero(sum<0>(abs(matmul(transpose(y), y))));
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
