// from_plane(x), to_plane(z): the isometry from R^(n - 1) onto the plane of the n numbers whose sum is 0, along the
// last axis, and its transpose, which takes any z to the coordinates of the point of the plane that is nearest to it.
// The columns are those of Helmert's matrix: column j has j + 1 ones above -(j + 1), divided by its length.
//
//   from_plane(x)[i] = sum over j >= i of w[j], less i w[i - 1],  where w[j] = x[j] / sqrt((j + 1) (j + 2))
//
// Shapes: [..., n - 1] -> [..., n] and back. Each is the other's adjoint. Accuracy: n epsilon of the largest |x|, the
// sum of a row of from_plane(x) as well. Errors: rows of fewer numbers than two are the compiler's. Cost: one pass.
// Source: Stan Reference Manual, Zero sum vector; Helmert 1876; Egozcue et al. 2003, "Isometric logratio
// transformations for compositional data analysis".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

struct to_plane;

struct from_plane : dense<from_plane, 1> {
    static constexpr std::string_view name = "from_plane";
    using uses = ops<to_plane>;
    static constexpr double flops(auto const& g, node const& n) { return 4 * g.shape_of(n.first).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[0];
        ++s.d[s.rank - 1];
        return s;
    }
    // The length of column j, 1 / sqrt((j + 1) (j + 2)) of which its ones are.
    template <class M, class T>
    static constexpr T length_of(int j) noexcept {
        return M::sqrt(T(j + 1) * T(j + 2));
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].from_end(0), rows = x.shape[0].size() / n;
        for (int row = 0; row < rows; ++row) {
            T const* const from = x.argument[0] + row * n;
            T* const to = x.result[0] + row * (n + 1);
            T sum(0);
            to[n] = T(0);
            for (int j = n - 1; j >= 0; --j) {
                T const w = from[j] / length_of<M, T>(j);
                to[j + 1] = sum - T(j + 1) * w;
                sum = sum + w;
            }
            to[0] = sum;
        }
        return true;
    }
    static constexpr void derive(auto& g, node const&, adjoint& a) {
        a.of_argument[0] = push<to_plane>(g, a.cotangent[0]);
    }
};

struct to_plane : dense<to_plane, 1> {
    static constexpr std::string_view name = "to_plane";
    using uses = ops<from_plane>;
    static constexpr double flops(auto const& g, node const& n) { return 4 * g.shape_of(n.first).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[0];
        --s.d[s.rank - 1];
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].from_end(0) - 1, rows = x.shape[0].size() / (n + 1);
        for (int row = 0; row < rows; ++row) {
            T const* const from = x.argument[0] + row * (n + 1);
            T* const to = x.result[0] + row * n;
            T sum(0);
            for (int j = 0; j < n; ++j) {
                sum = sum + from[j];
                to[j] = (sum - T(j + 1) * from[j + 1]) / from_plane::length_of<M, T>(j);
            }
        }
        return true;
    }
    static constexpr void derive(auto& g, node const&, adjoint& a) {
        a.of_argument[0] = push<from_plane>(g, a.cotangent[0]);
    }
};

}  // namespace op

namespace param::detail {

template <traced X>
constexpr auto from_plane(X const& x) {
    return apply<op::from_plane>(x);
}
template <traced X>
constexpr auto to_plane(X const& z) {
    return apply<op::to_plane>(z);
}
// Has a value of this type rows of at least two numbers, so that there are free ones?
template <fixed_string Who, traced Y>
constexpr bool has_free_numbers() {
    constexpr extents s = extents_of<Y>;
    constexpr bool free = s.rank > 0 && s.from_end(0) > 1;
    if constexpr (!free) {
        using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
            Who.view(), ": a row must have at least two numbers, of which all but one are free: the tensor is ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return free;
}

}  // namespace param::detail

}  // namespace paramorph::inline PARAMORPH_ABI
