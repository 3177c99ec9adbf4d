// stable: s w s^-1, w = contracting<1>(x), s = cholesky_factor_cov(v), [n, n] and [n (n + 1) / 2] -> [n, n]: the
// matrices whose spectral radius is less than 1: a linear recurrence that forgets. hurwitz: s (k - l l^T) s^-1, k skew
// from x above its diagonal, l = tril(x, -1) + diag(exp(diag(x))), [n, n] and [n (n + 1) / 2] -> [n, n]: those whose
// eigenvalues have negative real parts: a linear differential equation that forgets: -s passive(x)^T s^-1. s s^T solves
// Lyapunov's equation: its inverse is an energy that the system loses. original0 is x, original1 is v.
//
// right_inverse(a): the energy is the sum of a^k a^kT, whose terms are doubled until they are lost; for hurwitz that of
// the Cayley transform of a, divided by twice its norm. Grade: right, as far as rounding allows: what is within some
// epsilon of the boundary, or needs an s of a condition beyond 1 / sqrt(epsilon), is refused. Domain: originals whose s
// w s^-1 fits; elements of x and v far above 40 (in double 350), of which exp is taken, make infinities, or NaN.
// Errors: assigning another matrix. Cost: a solve with a triangle, three products and, of stable, a QR factorization;
// assigning, some 100 products. Source: Lyapunov 1892; Stein 1952; the doubling is Smith's (1968).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/cholesky.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/param/cholesky_factor_cov.hpp"
#include "paramorph/param/contracting.hpp"
#include "paramorph/param/passive.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace param::detail {

template <bool Hurwitz>
inline constexpr fixed_string unstable{
    "stable: the matrix assigned has an eigenvalue on the unit circle or outside, or inside by rounding only"};
template <>
inline constexpr fixed_string unstable<true>{
    "hurwitz: the matrix assigned has an eigenvalue whose real part is not negative, or by rounding only"};

}  // namespace param::detail

namespace op {

// The lower triangular s with s s^T = p, the sum of a^k a^kT over all k from 0, which is p = a p a^T + I, for a matrix
// a whose spectral radius is less than 1, or, of hurwitz, the Cayley transform of the matrix assigned. Results: s,
// scratch, scratch. By doubling the number of terms, until they are lost in the sum.
template <bool Hurwitz>
struct lost_energy : dense<lost_energy<Hurwitz>, 1, 3> {
    static constexpr std::string_view name = "lost_energy";
    static constexpr char const* requirement = param::detail::unstable<Hurwitz>.text;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return 60 * order * order * order;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        constexpr T epsilon = std::numeric_limits<T>::epsilon();
        int const n = x.shape[0].d[0];
        T *const p = x.result[0], *const power = x.result[1], *const scratch = x.result[2];
        auto const factor = [&] {
            if (!linalg::cholesky<linalg::scalar_blocks<T>>(p, scratch, n)) return false;
            for (int i = 0; i < n * n; ++i) p[i] = scratch[i];
            return true;
        };
        for (int i = 0; i < n * n; ++i) p[i] = T(i / n == i % n), power[i] = x.argument[0][i];
        for (int doubling = 0; doubling < 64; ++doubling) {
            T norm = 0;
            for (int i = 0; i < n; ++i) {
                T row = 0;
                for (int j = 0; j < n; ++j) row += power[i * n + j] < 0 ? -power[i * n + j] : power[i * n + j];
                norm = row > norm || row != row ? row : norm;
            }
            // Beyond, what the sum holds of the first terms is lost.
            if (!(norm < 1 / epsilon)) return false;
            multiply(power, p, scratch, n);
            for (int i = 0; i < n; ++i)
                for (int j = 0; j < n; ++j)
                    for (int k = 0; k < n; ++k) p[i * n + j] += scratch[i * n + k] * power[j * n + k];
            if (norm * norm * T(n) < epsilon / 4) return factor();
            multiply(power, power, scratch, n);
            for (int i = 0; i < n * n; ++i) power[i] = scratch[i];
        }
        return false;
    }

  private:
    static constexpr void multiply(auto const* a, auto const* b, auto* to, int n) {
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                to[i * n + j] = 0;
                for (int k = 0; k < n; ++k) to[i * n + j] += a[i * n + k] * b[k * n + j];
            }
    }
};

}  // namespace op

namespace param {

namespace detail {

// s w s^-1 and s^-1 a s, for a lower triangular s.
constexpr auto in_coordinates(auto s, auto w) {
    return transpose(triangular_solve<triangular{.transposed = true}>(s, transpose(matmul(s, w))));
}
constexpr auto out_of_coordinates(auto s, auto a) {
    return triangular_solve(s, matmul(a, s));
}
// The lower triangular s with s s^T = the sum of a^k a^kT.
template <bool Hurwitz>
constexpr auto coordinates_of(auto a) {
    return std::get<0>(apply<op::lost_energy<Hurwitz>, attributes{}, 3>(a));
}

}  // namespace detail

struct stable {
    using codomain = set::stable;
    static constexpr std::string_view bounds_no_norm =
        "its eigenvalues lie within the unit circle, its norm may be any (a linear recurrence is pm::forgets)";
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x, auto v) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1] && decltype(v)::rank == 1)
            return detail::in_coordinates(cholesky_factor_cov::forward(v), contracting<1>::forward(x));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (paramorph::detail::is_square<"stable", decltype(a)>()) {
            auto const s = detail::coordinates_of<false>(a);
            return originals(detail::undo_contracting<detail::unstable<false>>(detail::out_of_coordinates(s, a)),
                             cholesky_factor_cov::right_inverse(s));
        } else
            return originals(a, a);
    }
};

struct hurwitz {
    using codomain = set::hurwitz;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x, auto v) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1] && decltype(v)::rank == 1)
            return detail::in_coordinates(cholesky_factor_cov::forward(v), -transpose(passive::forward(x)));
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto a) {
        if constexpr (paramorph::detail::is_square<"hurwitz", decltype(a)>()) {
            constexpr int n = extents_of<decltype(a)>.d[0];
            // Over the largest element, whose squares and products fit, and over twice the norm of that, so that I -
            // unit has an inverse.
            auto const largest = norm<infinity>(a);
            auto const size = where(largest, largest, 1.0);
            auto const scaled = a / size;
            auto const length = 2.0 * norm(scaled);
            auto const unit = scaled / where(length, length, 1.0);
            auto const s = detail::coordinates_of<true>(solve(identity<n>() - unit, identity<n>() + unit));
            return originals(
                detail::undo_passive<detail::unstable<true>>(-transpose(detail::out_of_coordinates(s, scaled) * size)),
                cholesky_factor_cov::right_inverse(s));
        } else
            return originals(a, a);
    }
};

}  // namespace param

}  // namespace paramorph::inline PARAMORPH_ABI
