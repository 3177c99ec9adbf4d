// almost_orthogonal<lambda>: u diag(1 + lambda tanh(s)) v^T, [m, n] -> [m, n]: the matrices whose singular values lie
// between 1 - lambda and 1 + lambda, 0 < lambda <= 1: a layer that neither shrinks nor stretches anything by more. The
// original holds k (m + n - k) numbers, k = min(m, n): param/singular_values.hpp says where.
//
// right_inverse(w): the singular value decomposition of w, its singular values brought between the ends (to a number
// next to them inside): the nearest matrix. Grade: right, on singular values strictly between the ends. Errors:
// assigning another matrix, which `project` takes. Cost: 4 (m + n) k^2 operations for u and v, one product; assigning,
// an svd. Source: geotorch.AlmostOrthogonal (f="tanh").
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/log1p.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/param/bounded.hpp"
#include "paramorph/param/singular_values.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto Lambda>
struct almost_orthogonal {
    static constexpr double lambda = double(Lambda);
    static_assert(lambda > 0 && lambda <= 1,
                  "almost_orthogonal: lambda must be greater than 0 and at most 1; for 0 take orthogonal");
    using codomain = set::almost_orthogonal<Lambda>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    template <class Shape>
    using state = detail::signs_state<Shape, 0>;
    static constexpr auto forward(auto x, auto signs) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2) {
            constexpr int k = detail::shorter_side(e);
            auto const s = 1.0 + lambda * tanh(detail::leading_diagonal<k>(x));
            return detail::with_singular_values<k>(x, s * signs);
        } else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto w, auto signs) {
        if constexpr (detail::is_a_matrix<"almost_orthogonal", decltype(w)>()) {
            constexpr double inside = 1 - double(std::numeric_limits<typename decltype(w)::value_type>::epsilon());
            return detail::from_singular_values<detail::shorter_side(extents_of<decltype(w)>)>(w, [=](auto s, auto) {
                auto const z = detail::bounded((s - 1.0) * (1 / lambda), -inside, inside);
                return 0.5 * (log1p(z) - log1p(-z));
            });
        } else
            return updated(w, signs);
    }
    static constexpr auto initial_state(auto, auto noise) { return detail::ones(noise); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
