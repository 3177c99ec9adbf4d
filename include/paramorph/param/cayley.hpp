// cayley: (I + a)^-1 (I - a) = 2 (I + a)^-1 - I, [n, n] -> [n, n]: the Cayley map of a skew-symmetric matrix, a
// rotation without eigenvalue -1. right_inverse: the same map, a = (I + q)^-1 (I - q). It is its own inverse. Grade:
// bijective. Adjoint: -2 m^T c m^T with m = (I + a)^-1, which forward leaves behind. Accuracy: |q^T q - I| within 10 n
// epsilon. Errors: assigning an orthogonal matrix with eigenvalue -1 (a reflection, a half turn): solve says that I + q
// is singular; a matrix a whose norm (its largest sum of magnitudes along a row) exceeds 1 / (4 epsilon), 2.1e6 in
// float and 1.1e15 in double: rounding a turns q by a radian. Cost: one inverse, without pivoting unless an element of
// a is large (the symmetric part of I + a is I); where one exceeds 4, orthogonality takes products of its own, two to
// four inverses more (op/inverse.hpp); two products for the gradient. Source: Cayley 1846; torch's parametrization
// tutorial (CayleyMap).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/param/skew.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct cayley {
    using domain = set::skew;
    using codomain = set::special_orthogonal;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto a) {
        if constexpr (paramorph::detail::is_square<"cayley", decltype(a)>()) {
            constexpr auto eye = identity<decltype(a)::shape_type::value.d[0]>();
            return 2.0 * cayley_inverse(eye + a) - eye;
        } else
            return a;
    }
    static constexpr auto right_inverse(auto q) {
        if constexpr (paramorph::detail::is_square<"cayley", decltype(q)>()) {
            constexpr auto eye = identity<decltype(q)::shape_type::value.d[0]>();
            return solve(eye + q, eye - q);
        } else
            return q;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
