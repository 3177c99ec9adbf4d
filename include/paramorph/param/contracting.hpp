// contracting<Gamma>: Gamma x r^-1, r^T r = I + x^T x, [m, n] -> [m, n]: the matrices whose spectral norm is less than
// Gamma, a number, 1 where none is given: a linear layer that is Lipschitz with Gamma. r is upper triangular with a
// positive diagonal; a wide x is the transpose of a tall one. It is computed as Gamma times the rows n to n + m of q,
// where q r is a QR factorization of I and x one above the other. Singular values s become Gamma s / sqrt(1 + s^2).
//
// right_inverse(w): x = v c^-T with v = w / Gamma and the Cholesky factor c c^T = I - v^T v. Grade: bijective, on the
// open set. log_abs_det of a tall x: m n log(Gamma) - the sum over k from 0 of (m + 2 (n - k)) log(r_kk), of a wide one
// that of its transpose. Numbers of any size are taken, and the norm exceeds Gamma by rounding at most; where x is so
// large (1 / epsilon) and its columns so alike that r is singular after rounding, there is no gradient: pm::error.
// Errors: assigning a matrix whose norm is not less than Gamma. Cost: one QR factorization of [m + n, n]. Source: Wang
// and Manchester 2023, "Direct parameterization of Lipschitz-bounded deep networks", whose layers are made of such
// matrices by a Cayley map; the ball of matrices: Hua 1963.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/cholesky.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/qr.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangular_solve.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/param/reflections.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

namespace detail {

// right_inverse of a tall v over its bound, which fails with this sentence.
template <fixed_string Says>
constexpr auto undo_contracting(auto v) {
    auto const i = identity<extents_of<decltype(v)>.d[1]>();
    auto const c = paramorph::detail::cholesky_or<Says>(i - matmul(transpose(v), v));
    return transpose(triangular_solve(c, transpose(v)));
}

}  // namespace detail

template <auto Gamma = 1>
struct contracting {
    static_assert(double(Gamma) > 0, "contracting: the bound must be greater than 0");
    using codomain = set::contraction<Gamma>;
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank != 2)
            return x;  // right_inverse says what is wrong
        else if constexpr (e.d[0] < e.d[1])
            return transpose(forward(transpose(x)));
        else {
            auto [q, r] = factors(x);
            return slice<0, e.d[1], e.d[0] + e.d[1]>(q) * (detail::signs_of(diagonal(r)) * double(Gamma));
        }
    }
    static constexpr auto right_inverse(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        if constexpr (!detail::is_a_matrix<"contracting", decltype(w)>())
            return w;
        else if constexpr (e.d[0] < e.d[1])
            return transpose(right_inverse(transpose(w)));
        else {
            return detail::undo_contracting<
                "contracting: a singular value of the matrix assigned is not less than the bound, or by rounding only">(
                w * (1 / double(Gamma)));
        }
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.d[0] < e.d[1])
            return log_abs_det(transpose(x));
        else {
            auto const d = log(abs(diagonal(std::get<1>(factors(x)))));
            // The sums up to each element count element k for n - k of them.
            return e.size() * math::log(double(Gamma)) - (double(e.d[0]) * sum(d) + 2.0 * sum(cumsum<0>(d)));
        }
    }

  private:
    static constexpr auto factors(auto x) {
        constexpr int n = extents_of<decltype(x)>.d[1];
        auto const ones = detail::filled_like(reshape<shape<n>>(slice<0, 0, 1>(x)), 1);
        return qr(concatenate<0>(from_diagonal(ones), x));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
