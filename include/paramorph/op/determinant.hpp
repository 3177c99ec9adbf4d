// det(a): the determinant of a square matrix [n, n], a scalar, and
//     auto [sign, logarithm] = pm::slogdet(a);
// its sign and the logarithm of its absolute value, which neither overflow nor underflow; logabsdet(a) is the logarithm
// alone. From the LU factors, which the adjoints reuse: c det(a) a^-T and c a^-T (Giles 2008, section 2.2.4); the sign
// has none.
//
// Errors: a matrix that is not finite fails the program's status. So does a singular one, where a logarithm or the
// gradient of det is asked for; det itself is 0 then. Cost: 2/3 n^3 operations, the adjoint 2 n^3. Source:
// torch.linalg.det, torch.linalg.slogdet.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/core/blocks.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// The transposed inverse from LU factors and the row permutation.
struct transposed_inverse : dense<transposed_inverse, 2> {
    static constexpr std::string_view name = "transposed_inverse";
    static constexpr char const* requirement = "the gradient of a determinant: the matrix is singular";
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
    static constexpr int panel_rows(auto const& g, node const& n) { return g.shape_of(n.argument[0]).d[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        if (!prepare(x.argument[0], x.result[0], n)) return false;
        paramorph::dense::lu_solve(x.argument[0], x.integer[1], x.result[0], x.result[0], n, n, true);
        return true;
    }
};

// Results: what Op makes of the pivots (`count` scalars), the LU factors, the row permutation.
template <class Op, int Count>
struct of_pivots : dense<Op, 1, Count + 2> {
    using uses = ops<transposed_inverse, multiply, unsqueeze>;
    static constexpr int count = Count;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result < Count ? extents{} : result == Count ? a[0] : extents{1, {a[0].d[0]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.argument[0]).d[0];
        return 2.0 / 3 * order * order * order;
    }
    static constexpr value infer(auto const& g, node const& n, int result) {
        value v = shaped<Op>::infer(g, n, result);
        if (result == Count + 1) v.type = element::i32;
        return v;
    }
    // What is known once the matrix was factored, or was not.
    template <class M, class T>
    static constexpr bool finish(operands<T> const& x, bool factored) noexcept {
        int const n = x.shape[0].d[0];
        if (factored) return Op::template from<M>(x, odd(x.integer_result[Count + 1], n), n);
        if (!paramorph::dense::detail::all_finite(x.argument[0], n * n)) return false;
        for (int i = 0; i < n * n; ++i) x.result[Count][i] = 0;
        for (int i = 0; i < n; ++i) x.integer_result[Count + 1][i] = i;
        return Op::template from<M>(x, false, n);
    }
    static constexpr int panel_rows(auto const& g, node const& n) {
        return paramorph::dense::rows_of_two_panels(g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return finish<M>(x, paramorph::dense::lu_factor(x.argument[0], x.result[Count], x.integer_result[Count + 1],
                                                        x.shape[0].d[0]));
    }
    static constexpr int inverse_of(auto& g, node const& n) {
        return push<transposed_inverse>(g, n.first + Count, n.first + Count + 1);
    }

  private:
    // Is the permutation odd? A cycle is counted at its smallest element.
    static constexpr bool odd(std::int32_t const* p, int n) noexcept {
        int swaps = n;
        for (int start = 0; start < n; ++start) {
            int i = p[start];
            while (i > start) i = p[i];
            if (i == start) --swaps;
        }
        return swaps % 2 != 0;
    }
};

struct det : of_pivots<det, 1> {
    static constexpr std::string_view name = "det";
    static constexpr char const* requirement = "det: the matrix is not finite";
    template <class M, class T>
    static constexpr bool from(operands<T> const& x, bool odd, int n) noexcept {
        T product = odd ? T(-1) : T(1);
        for (int i = 0; i < n; ++i) product *= x.result[1][i * n + i];
        x.result[0][0] = product;
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, push<multiply>(g, a.cotangent[0], n.first), inverse_of(g, n));
    }
};

struct slogdet : of_pivots<slogdet, 2> {
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
    constexpr extents x = extents_of<A>;
    static_assert(x.rank == 2 && x.d[0] == x.d[1], "det: the argument must be a square matrix");
    return apply<op::det>(a);
}

template <traced A>
constexpr auto slogdet(A const& a) {
    constexpr extents x = extents_of<A>;
    static_assert(x.rank == 2 && x.d[0] == x.d[1], "slogdet, logabsdet: the argument must be a square matrix");
    return apply<op::slogdet, attributes{}, 2>(a);
}
template <traced A>
constexpr auto logabsdet(A const& a) {
    return std::get<1>(slogdet(a));
}

}  // namespace paramorph::inline PARAMORPH_ABI
