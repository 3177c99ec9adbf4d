// Rows divided by the root of their mean square and a small number: what layer_norm, group_norm and rms_norm are made
// of. Of x with the sum of squares s (op/length.hpp), of n numbers:
//
//   r = 1 / sqrt(s / n + epsilon), y = x r        adjoint of y: r (c - y mean(c y)), to x
//
// r is made of the sum of squares as sum_of_squares leaves it, which is minus the root where squares would overflow or
// underflow; and the adjoint is made of y, whose numbers are at most sqrt(n), and of r alone: so value and gradient are
// right for rows of any numbers (1e-45 to 3e38 in float), whether the root of the sum of squares fits or not. Of what
// is not finite r is NaN; where r would not fit (a root of the mean square below 2.9e-39 in float and epsilon 0), the
// row counts as zero: r is 0. Cost: r as 40 additions a row, y one product an element, in the loop that uses it; the
// adjoint one reduction and three operations an element. Source: Ba et al. 2016, "Layer normalization"; Zhang and
// Sennrich 2019, "Root mean square layer normalization".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/length.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: the sum of squares, 1 / n, epsilon.
struct inverse_deviation : elementwise<inverse_deviation, 3> {
    static constexpr std::string_view name = "inverse_deviation";
    static constexpr int cost = 40;
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V s, V share, V epsilon) {
        using T = typename detail::lane<V>::type;
        using limits = std::numeric_limits<T>;
        // Of a root, as 1 / (a sqrt(1 + (b / a)^2)), where a is the larger of what are squared and added.
        // A length that does not fit is set aside until it is divided by the root of n, where it does.
        constexpr auto aside = detail::squares_range<T>::aside;
        V const length = M::where(s < V(0), V(0) - s, V(0)),
                root = length * M::sqrt(share) * where_set_aside<M>(s, 1 / aside, aside), least = M::sqrt(epsilon);
        V const a = M::where(root < least, least, root), b = M::where(root < least, root, least);
        V const smallest = V(detail::squares_range<T>::smallest_length);
        V const divisor = M::where(a < smallest, V(1), a), ratio = b / divisor;
        V const of_root = M::where(a < smallest, V(0), V(1) / divisor / M::sqrt(ratio * ratio + V(1)));
        V const square = M::where(s < V(0), V(1), s * share + epsilon);
        V const of_square = M::where(square > V(0), M::rsqrt(M::where(square > V(0), square, V(1))), square);
        V const finite = M::where(s <= V(limits::max()), of_square, V(limits::quiet_NaN()));
        return M::where(s < V(0), of_root, finite);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const r = n.first, half = push<multiply>(g, a.cotangent[0], append_constant(g, -0.5));
        int const of_epsilon = push<multiply>(g, push<multiply>(g, half, r), push<multiply>(g, r, r));
        a.of_argument[0] = push<multiply>(g, of_epsilon, n.argument[1]);
        a.of_argument[1] = push<multiply>(g, of_epsilon, n.argument[0]);
        a.of_argument[2] = of_epsilon;
    }
};

// x r, where r is made of the squares of x in a row: an argument that has no derivative of its own.
struct over_deviation : elementwise<over_deviation, 2> {
    static constexpr std::string_view name = "over_deviation";
    static constexpr bool composite = true;
    using uses = ops<multiply, multiply_add, reduce_to>;
    template <class M, class V>
    static constexpr V value(V x, V r) {
        return x * r;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const y = n.first, r = n.argument[1], cy = push<multiply>(g, a.cotangent[0], y);
        extents const s = g.shape_of(r);
        int const part = g.shape_of(cy) == s ? cy : push_with<reduce_to>(g, attributes_of(s), cy);
        double const terms = double(g.shape_of(y).size()) / s.size();
        int const mean = push<multiply>(g, part, append_constant(g, -1 / terms));
        int const across = push<multiply_add>(g, y, mean, a.cotangent[0]);
        a.of_argument[0] = push<multiply>(g, across, r);
    }
    static constexpr int rewrite(auto& g, node const& n) { return push<multiply>(g, n.argument[0], n.argument[1]); }
};

}  // namespace op

namespace detail {

// Rows over the root of their mean square and epsilon.
template <traced X>
constexpr auto of_unit_square(X const& rows, double epsilon) {
    constexpr double share = 1.0 / extents_of<X>.from_end(0);
    auto const r = apply_elementwise<op::inverse_deviation>(sum_of_squares<-1>(rows), share, epsilon);
    return apply_elementwise<op::over_deviation>(as_operand(rows), unsqueeze<-1>(r));
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
