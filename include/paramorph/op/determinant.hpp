// det(a): the determinant of a square matrix [n, n], a scalar, and
//     auto [sign, logarithm] = pm::slogdet(a);
// its sign and the logarithm of its absolute value, which neither overflow nor underflow; logabsdet(a) is the logarithm
// alone. From the LU factors, which the adjoints reuse. The adjoint of det is c times the matrix of cofactors: that is
// det(a) a^-T (Giles 2008, section 2.2.4), scaled so that it is right where det(a) itself does not fit; of a singular
// matrix it comes from the singular values (Stewart 1998, "On the adjugate matrix"), within n epsilon of its largest
// element. The adjoint of the logarithm is c a^-T; the sign has none.
//
// Errors: a matrix that is not finite fails the program's status. So does a singular one, where a logarithm is asked
// for; det itself is 0 then. Cost: 2/3 n^3 operations, the adjoint 2 n^3 (of a singular matrix those of svd). Memory of
// det's adjoint: 3 matrices. Source: torch.linalg.det, torch.linalg.slogdet; the former's gradient at a singular
// matrix.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/core/blocks.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/core/scaled_product.hpp"
#include "paramorph/core/svd.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// The transposed inverse from LU factors and the row permutation.
struct transposed_inverse : dense<transposed_inverse, 2> {
    static constexpr std::string_view name = "transposed_inverse";
    static constexpr char const* requirement = "the gradient of slogdet: the matrix is singular";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return 2 * order * order * order;
    }
    // Writes the identity matrix, unless a pivot is zero.
    template <class T>
    static constexpr bool prepare(T const* lu, T* to, int n) noexcept {
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) to[i * n + j] = T(i == j);
        for (int i = 0; i < n; ++i)
            if (lu[i * n + i] == 0) return false;
        return true;
    }
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_panel(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        if (!prepare(x.argument[0], x.result[0], n)) return false;
        paramorph::linalg::lu_solve(x.argument[0], x.integer[1], x.result[0], x.result[0], n, n, true);
        return true;
    }
};

// The derivative of det: the cofactors of a matrix, from it, its LU factors (zeros where it is singular) and the row
// permutation. Results: the cofactors, scratch.
struct cofactors : dense<cofactors, 3, 2> {
    static constexpr std::string_view name = "cofactors";
    static constexpr char const* requirement = "the gradient of det: the singular value decomposition did not converge";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[0] : extents{2, {2 * a[0].d[0] + 1, a[0].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return 2 * order * order * order;
    }
    // Once a^-T is the result, where no pivot is zero.
    template <class Blocks, class T>
    static constexpr bool finish(operands<T> const& x, bool invertible) noexcept {
        int const n = x.shape[0].d[0];
        if (!invertible || !paramorph::linalg::detail::all_finite(x.result[0], n * n)) return of_singular<Blocks>(x, n);
        scaled_product product;
        if (is_odd(x.integer[2], n)) product.by(-1);
        for (int i = 0; i < n; ++i) product.by(static_cast<double>(x.argument[1][i * n + i]));
        for (int i = 0; i < n * n; ++i) x.result[0][i] = product.times(x.result[0][i]);
        return true;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        bool const invertible = transposed_inverse::prepare(x.argument[1], x.result[0], n);
        if (invertible) paramorph::linalg::lu_solve(x.argument[1], x.integer[2], x.result[0], x.result[0], n, n, true);
        return finish<paramorph::linalg::scalar_blocks<T>>(x, invertible);
    }
    // Is the permutation odd? A cycle is counted at its smallest element.
    static constexpr bool is_odd(std::int32_t const* p, int n) noexcept {
        int swaps = n;
        for (int start = 0; start < n; ++start) {
            int i = p[start];
            while (i > start) i = p[i];
            if (i == start) --swaps;
        }
        return swaps % 2 != 0;
    }

  private:
    // With a = u diag(s) vh: det(u) det(vh) u diag(p) vh, p_i the product of all s but s_i.
    template <class Blocks, class T>
    static constexpr bool of_singular(operands<T> const& x, int n) noexcept {
        T *const u = x.result[1], *const vh = u + n * n, *const s = vh + n * n, *const to = x.result[0];
        if (!paramorph::linalg::svd<Blocks>(x.argument[0], u, s, vh, n, n)) return false;
        for (int i = 0; i < n * n; ++i) to[i] = u[i];
        bool negative = is_negative(to, n);
        for (int i = 0; i < n * n; ++i) to[i] = vh[i];
        if (is_negative(to, n)) negative = !negative;
        for (int i = 0; i < n; ++i) {
            scaled_product others;
            for (int j = 0; j < n; ++j)
                if (j != i) others.by(static_cast<double>(s[j]));
            for (int j = 0; j < n; ++j) vh[i * n + j] = others.times(negative ? -vh[i * n + j] : vh[i * n + j]);
        }
        Blocks::template multiply<paramorph::linalg::into::assign>(u, n, vh, n, to, n, n, n, n);
        return true;
    }
    // The sign of an orthogonal matrix' determinant; the matrix is overwritten.
    template <class T>
    static constexpr bool is_negative(T* a, int n) noexcept {
        using paramorph::linalg::detail::magnitude;
        bool negative = false;
        for (int k = 0; k < n; ++k) {
            int best = k;
            for (int i = k + 1; i < n; ++i)
                if (magnitude(a[i * n + k]) > magnitude(a[best * n + k])) best = i;
            if (best != k) {
                paramorph::linalg::detail::swap_rows(a, n, k, best);
                negative = !negative;
            }
            if (a[k * n + k] < 0) negative = !negative;
            for (int i = k + 1; i < n; ++i) {
                T const factor = a[i * n + k] / a[k * n + k];
                for (int j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
            }
        }
        return negative;
    }
};

// Results: what Op makes of the pivots (`count` scalars), the LU factors, the row permutation.
template <class Op, int Count>
struct lu_based : dense<Op, 1, Count + 2> {
    using uses = ops<cofactors, transposed_inverse, multiply, unsqueeze>;
    static constexpr int count = Count;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result < Count ? extents{} : result == Count ? a[0] : extents{1, {a[0].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.argument[0]).d[0];
        return 2.0 / 3 * order * order * order;
    }
    static constexpr int integer_result = Count + 1;
    // What is known once the matrix was factored, or was not.
    template <class M, class T>
    static constexpr bool finish(operands<T> const& x, bool factored) noexcept {
        int const n = x.shape[0].d[0];
        if (factored) return Op::template from<M>(x, cofactors::is_odd(x.integer_result[Count + 1], n), n);
        if (!paramorph::linalg::detail::all_finite(x.argument[0], n * n)) return false;
        for (int i = 0; i < n * n; ++i) x.result[Count][i] = 0;
        for (int i = 0; i < n; ++i) x.integer_result[Count + 1][i] = i;
        return Op::template from<M>(x, false, n);
    }
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_two_panels(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return finish<M>(x, paramorph::linalg::lu_factor(x.argument[0], x.result[Count], x.integer_result[Count + 1],
                                                         x.shape[0].d[0]));
    }
    static constexpr int inverse_of(auto& g, node const& n) {
        return push<transposed_inverse>(g, n.first + Count, n.first + Count + 1);
    }
};

struct det : lu_based<det, 1> {
    static constexpr std::string_view name = "det";
    static constexpr char const* requirement = "det: the matrix is not finite";
    template <class M, class T>
    static constexpr bool from(operands<T> const& x, bool odd, int n) noexcept {
        scaled_product product;
        if (odd) product.by(-1);
        for (int i = 0; i < n; ++i) product.by(static_cast<double>(x.result[1][i * n + i]));
        x.result[0][0] = product.times(T(1));
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] =
            push<multiply>(g, a.cotangent[0], push<cofactors>(g, n.argument[0], n.first + 1, n.first + 2));
    }
};

struct slogdet : lu_based<slogdet, 2> {
    static constexpr std::string_view name = "slogdet";
    static constexpr char const* requirement = "slogdet: the matrix is singular or not finite";
    template <class M, class T>
    static constexpr bool from(operands<T> const& x, bool odd, int n) noexcept {
        T sign = odd ? T(-1) : T(1), total = 0;
        for (int i = 0; i < n; ++i) {
            T const pivot = x.result[2][i * n + i];
            if (pivot == 0) return false;
            if (pivot < 0) sign = -sign;
            total += static_cast<T>(M::log(pivot < 0 ? -pivot : pivot));
        }
        x.result[0][0] = sign;
        x.result[1][0] = total;
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        if (a.cotangent[1] >= 0) a.of_argument[0] = push<multiply>(g, a.cotangent[1], inverse_of(g, n));
    }
};

}  // namespace op

template <traced A>
constexpr auto det(A const& a) {
    (void)detail::is_square<"det", A>();
    return apply<op::det>(a);
}

template <traced A>
constexpr auto slogdet(A const& a) {
    (void)detail::is_square<"slogdet, logabsdet", A>();
    return apply<op::slogdet, attributes{}, 2>(a);
}
template <traced A>
constexpr auto logabsdet(A const& a) {
    return std::get<1>(slogdet(a));
}

}  // namespace paramorph::inline PARAMORPH_ABI
