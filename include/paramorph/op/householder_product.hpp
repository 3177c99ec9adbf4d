// householder_product(a, tau): the first n columns of the product of k reflections I - tau_i v_i v_i^T; a [m, n] with n
// <= m holds v_i below its diagonal in column i (on it stands a one, which is not read), tau [k] with k <= n.
//
// Adjoint: for a strictly below the diagonal of its first k columns and for tau; each reflection is undone by its
// inverse (torch's householder_product_backward). Errors: a reflection that is singular, tau |v|^2 = 1, fails the
// status of the gradient's program. Cost: 4 m n k operations, the adjoint three times that. Source:
// torch.linalg.householder_product, LAPACK's orgqr.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/reflectors.hpp"
#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: a, tau, the product, its cotangent. Results: the adjoints of a and tau, scratch.
struct householder_product_adjoint : dense<householder_product_adjoint, 4, 3> {
    static constexpr std::string_view name = "householder_product_adjoint";
    static constexpr char const* requirement =
        "the gradient of householder_product: a reflection is singular (tau |v|^2 is 1) or not finite";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result < 2 ? a[result] : extents{2, {2 * a[0].d[0] + 2, a[0].d[1]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        return 12.0 * g.shape_of(n.first).size() * g.shape_of(n.first + 1).size();
    }
    template <class Blocks, class T>
    static constexpr bool run(operands<T> const& x) noexcept {
        return paramorph::linalg::product_of_reflections_adjoint<Blocks>(
            x.argument[0], x.argument[1], x.shape[1].d[0], x.argument[2], x.argument[3], x.result[0], x.result[1],
            x.result[2], x.shape[0].d[0], x.shape[0].d[1]);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return run<paramorph::linalg::scalar_blocks<T>>(x);
    }
};

// Results: the product, scratch [n].
struct householder_product : dense<householder_product, 2, 2> {
    static constexpr std::string_view name = "householder_product";
    static constexpr char const* requirement = "householder_product: an argument is not finite";
    using uses = ops<householder_product_adjoint>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[0] : extents{1, {a[0].d[1]}};
    }
    static constexpr double flops(auto const& g, node const& n) {
        return 4.0 * g.shape_of(n.first).size() * g.shape_of(n.argument[1]).size();
    }
    template <class Blocks, class T>
    static constexpr bool run(operands<T> const& x) noexcept {
        int const m = x.shape[0].d[0], n = x.shape[0].d[1];
        if (!paramorph::linalg::detail::can_be_evaluated(x.argument[0], m * n) ||
            !paramorph::linalg::detail::can_be_evaluated(x.argument[1], x.shape[1].d[0]))
            return false;
        paramorph::linalg::product_of_reflections<Blocks>(x.argument[0], n, x.argument[1], x.shape[1].d[0], x.result[0],
                                                          m, n, x.result[1]);
        return paramorph::linalg::detail::all_finite(x.result[0], m * n);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return run<paramorph::linalg::scalar_blocks<T>>(x);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<householder_product_adjoint>(g, n.argument[0], n.argument[1], n.first, a.cotangent[0]);
        a.of_argument[1] = a.of_argument[0] + 1;
    }
};

}  // namespace op

template <traced A, traced Tau>
constexpr auto householder_product(A const& a, Tau const& tau) {
    constexpr extents x = extents_of<A>, t = extents_of<Tau>;
    if constexpr (x.rank != 2 || x.d[0] < x.d[1]) {
        using wrong = detail::mistake<detail::sentence(
            "householder_product: the first argument must be a matrix with at least as many rows as columns: it is ",
            x)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(a);
    } else if constexpr (t.rank != 1 || t.d[0] > x.d[1]) {
        using wrong = detail::mistake<detail::sentence(
            "householder_product: tau must be a vector with at most as many elements as the matrix has columns: they "
            "are ",
            t, " and ", x)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(a);
    } else
        return apply<op::householder_product>(a, tau);
}

}  // namespace paramorph::inline PARAMORPH_ABI
