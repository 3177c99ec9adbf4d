// triangular_solve<options>(a, b): x with op(t) x = b, where t is the upper or the lower triangle of a [n, n] and op(t)
// is t or its transpose; b [n, columns] or [n].
//     triangular_solve(a, b)                                              lower
//     triangular_solve<pm::triangular{.upper = true}>(a, b)               upper
//     triangular_solve<pm::triangular{.transposed = true}>(a, b)          the transpose of the lower triangle
//     triangular_solve<pm::triangular{.unit = true}>(a, b)                ones on the diagonal, where a is not read
// What a holds in the other triangle is not read. Adjoints: with y = op(t)^-T c they are y for b, and for a the
// triangle of -y x^T, or of its transpose where t is transposed (Giles 2008, section 2.2.3). Errors: a zero on the
// diagonal, or a triangle that is not finite, fails the program's status; an element of x that does not fit the range
// is infinite, and spoils only those that depend on it. Cost: n^2 columns operations. Source:
// torch.linalg.solve_triangular.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/blocks.hpp"
#include "paramorph/core/lu.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/triangle.hpp"

namespace paramorph::inline PARAMORPH_ABI {

struct triangular {
    bool upper = false, transposed = false, unit = false;
};

namespace op {

// Attributes: 1 where the triangle is the upper one, where it is transposed, where its diagonal is ones.
struct triangular_solve : dense<triangular_solve, 2> {
    static constexpr std::string_view name = "triangular_solve";
    static constexpr char const* requirement =
        "triangular_solve: the triangle is singular (there is a zero on its diagonal) or not finite";
    using uses = ops<matmul, negate, triangle>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[1]; }
    static constexpr double flops(auto const& g, node const& n) {
        return 1.0 * g.shape_of(n.first).size() * g.shape_of(n.argument[0]).d[0];
    }
    // Is every element that is read finite, and none on the diagonal zero?
    template <class T>
    static constexpr bool holds(T const* a, int n, attributes const& at) noexcept {
        for (int i = 0; i < n; ++i) {
            int const skipped = at.v[2] != 0 ? 1 : 0, begin = at.v[0] != 0 ? i + skipped : 0,
                      end = at.v[0] != 0 ? n : i + 1 - skipped;
            if (!linalg::detail::all_finite(a + i * n + begin, end - begin)) return false;
            if (at.v[2] == 0 && (a[i * n + i] == 0 || !linalg::detail::can_divide(a[i * n + i]))) return false;
        }
        return true;
    }
    static constexpr std::int64_t packed_bytes(auto const& g, node const& n, target const& machine) {
        return machine.bytes_of_panel(g.real, g.shape_of(n.argument[0]).d[0]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        if (!holds(x.argument[0], x.shape[0].d[0], x.attribute)) return false;
        by_elements(x);
        return true;
    }
    // Where a kernel's result is not finite: what does not fit spoils no element that does not depend on it.
    template <class T>
    static constexpr void by_elements(operands<T> const& x) noexcept {
        attributes const& at = x.attribute;
        for (int i = 0; i < x.shape[1].size(); ++i) x.result[0][i] = x.argument[1][i];
        paramorph::linalg::substitute(x.argument[0], x.result[0], x.shape[0].d[0], x.shape[1].d[1], at.v[1] != 0,
                                      at.v[0] == at.v[1], at.v[2] != 0);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const at = n.attribute;
        int const y =
            push_with<triangular_solve>(g, attributes{{at.v[0], 1 - at.v[1], at.v[2]}}, n.argument[0], a.cotangent[0]);
        int const product = at.v[1] != 0 ? push_with<matmul>(g, attributes{{0, 1}}, n.first, y)
                                         : push_with<matmul>(g, attributes{{0, 1}}, y, n.first);
        int const side = at.v[0] != 0 ? 1 : -1;
        a.of_argument[0] = push_with<triangle>(g, attributes{{side * at.v[2], side}}, push<negate>(g, product));
        a.of_argument[1] = y;
    }
};

}  // namespace op

template <triangular Options = triangular{}, traced A, operand B>
constexpr auto triangular_solve(A const& a, B const& b) {
    constexpr extents x = extents_of<A>, y = extents_of<B>;
    if constexpr (detail::is_square<"triangular_solve", A>() && !(y.rank >= 1 && y.rank <= 2 && y.d[0] == x.d[0])) {
        using wrong = detail::mistake<detail::sentence(
            "triangular_solve: the right-hand side must have as many rows as the matrix: ", x, " and ", y)>;
        using said [[maybe_unused]] = wrong::type;
    }
    constexpr attributes at{{Options.upper, Options.transposed, Options.unit}};
    if constexpr (y.rank == 1)
        return reshape<shape<y.d[0]>>(apply<op::triangular_solve, at>(a, reshape<shape<y.d[0], 1>>(b)));
    else
        return apply<op::triangular_solve, at>(a, b);
}

}  // namespace paramorph::inline PARAMORPH_ABI
