// Lengths of vectors, from sums of squares that neither overflow nor underflow: what norm, weight_norm and unit_norm
// are made of. A reduction, sum_of_squares, and two functions of its result, the root and its reciprocal.
//
// A length that is subnormal or does not fit is taken with a power of two, the scale of its root, as is what is divided
// by it: directions are right for rows of any numbers (1e-45 to 3e38 in float).
//
// Adjoints: of the length n, c x / n, and 0 where n is 0; of x times a (a reciprocal length, or one times a number)
// along the direction of x, a (c - x r^2 sum(c x)), which fits where the result does (Salimans and Kingma 2016,
// equation 3). It is computed as c a - x (a r^2 sum(c x)) where the number in brackets fits, too. sum(c x) is a plain
// sum, because it is made in the pass that makes the lengths, before they are known: where products c x underflow or
// overflow (below 1e-38 or above 3e38 in float), the part along x is not taken away. Of the direction itself (a is the
// reciprocal length) it is a (c - y sum(c y)), with y = x a, and no such limit. Cost: one reduction, and 7 to 24
// additions' worth for each length; the adjoint one reduction more and three operations an element. Source:
// torch.linalg.vector_norm.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <type_traits>

#include "paramorph/op/divide.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sum_of_squares.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Of a sum of squares: `small` where its root is subnormal, `large` where that does not fit, both of which stand there
// set aside (op/sum_of_squares.hpp); else 1.
template <class M, class V, class T = typename detail::lane<V>::type>
[[gnu::always_inline]] constexpr V where_set_aside(V s, T small, T large) {
    using range = detail::squares_range<T>;
    V const one = V(1), either = M::where(V(-1) < s, V(small), V(large));
    return M::where(s <= V(-range::small_aside), M::where(s <= V(-range::large_aside), one, either), one);
}

// By what the root of a sum of squares is multiplied so that no digit of it is lost, a power of two: 1 as a rule.
struct scale_of_root : elementwise<scale_of_root, 1> {
    static constexpr std::string_view name = "scale_of_root";
    static constexpr bool flat = true;
    static constexpr settled_as settled = settled_as::function;
    static constexpr int cost = 7;
    template <class M, class V>
    static constexpr V value(V s) {
        constexpr auto aside = detail::squares_range<typename detail::lane<V>::type>::aside;
        return where_set_aside<M>(s, aside, 1 / aside);
    }
    template <class M, class V>
    static constexpr V value_of_settled(V) {
        return V(1);
    }
};

// The root, times that.
struct scaled_root : elementwise<scaled_root, 1> {
    static constexpr std::string_view name = "scaled_root";
    static constexpr settled_as settled = settled_as::function;
    static constexpr int cost = 7;
    template <class M, class V>
    static constexpr V value(V s) {
        return M::where(s < V(0), -s, M::sqrt(s));
    }
    template <class M, class V>
    static constexpr V value_of_settled(V s) {
        return M::sqrt(s);
    }
};

// The length, from a sum of squares.
struct root_of_squares : elementwise<root_of_squares, 1> {
    static constexpr std::string_view name = "root_of_squares";
    static constexpr settled_as settled = settled_as::function;
    static constexpr int cost = 7;
    using uses = ops<divide, multiply, where>;
    template <class M, class V>
    static constexpr V value(V s) {
        constexpr auto aside = detail::squares_range<typename detail::lane<V>::type>::aside;
        return M::where(s < V(0), -s * where_set_aside<M>(s, 1 / aside, aside), M::sqrt(s));
    }
    template <class M, class V>
    static constexpr V value_of_settled(V s) {
        return M::sqrt(s);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const half = push<multiply>(g, a.cotangent[0], append_constant(g, 0.5));
        a.of_argument[0] = push<where>(g, n.first, push<divide>(g, half, n.first), append_constant(g, 0));
    }
};

// The lengths of x along the axes of the attribute (bit k for axis k of x): the root of the sum of squares, which it
// becomes. Its derivative is c times x / n, which fits where c / n, of the root alone, does not.
struct length : dense<length, 1> {
    static constexpr std::string_view name = "length";
    static constexpr bool composite = true;
    using uses = ops<broadcast_to, divide, multiply, root_of_squares, scale_of_root, struct scaled_apart, scaled_root,
                     square_of_one, sum, sum_of_squares, unsqueeze, where>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes axes, int result) {
        return sum_of_squares::shape(a, axes, result);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        sum_of_squares::compute<M>(x);
        for (int i = 0; i < x.shape[0].size() / sum_of_squares::terms(x.shape[0], x.attribute); ++i)
            x.result[0][i] = root_of_squares::value<M>(x.result[0][i]);
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const squares = squares_of(g, n), c = sum::spread(g, a.cotangent[0], n);
        int const root = sum::spread(g, push<scaled_root>(g, squares), n),
                  by = sum::spread(g, push<scale_of_root>(g, squares), n);
        int const of_x = push<multiply>(g, c, push<divide>(g, push<scaled_apart>(g, n.argument[0], by), root));
        a.of_argument[0] = push<where>(g, root, of_x, append_constant(g, 0));
    }
    static constexpr int rewrite(auto& g, node const& n) { return push<root_of_squares>(g, squares_of(g, n)); }

  private:
    // A loop does not reduce along axes of extent 1.
    static constexpr int squares_of(auto& g, node const& n) {
        int const x = n.argument[0];
        return sum_of_squares::terms(g.shape_of(x), n.attribute) == 1
                   ? push_with<sum>(g, n.attribute, push<square_of_one>(g, x))
                   : push_with<sum_of_squares>(g, n.attribute, x);
    }
};

// The reciprocal of scaled_root: 0 where the length is zero, and NaN where an element is not finite. What is scaled by
// it is made by `along`, which has the derivative.
struct inverse_root_of_squares : elementwise<inverse_root_of_squares, 1> {
    static constexpr std::string_view name = "inverse_root_of_squares";
    static constexpr settled_as settled = settled_as::function;
    static constexpr int cost = 14;
    template <class M, class V>
    static constexpr V value(V s) {
        V const root = scaled_root::value<M>(s),
                smallest = V(detail::squares_range<typename detail::lane<V>::type>::smallest_length);
        // A constant must not divide by zero.
        V const divisor = std::is_constant_evaluated() ? M::where(root < smallest, V(1), root) : root;
        using limits = std::numeric_limits<typename detail::lane<V>::type>;
        return M::where(root < smallest, V(0),
                        M::where(root <= V(limits::max()), V(1) / divisor, V(limits::quiet_NaN())));
    }
    template <class M, class V>
    static constexpr V value_of_settled(V s) {
        return V(1) / M::sqrt(s);
    }
};

// The number s that a sum c a + x turn a is computed with, as (c (a / s) + x (turn (a / s))) s: 1 where turn a is zero
// or in the range where no digit is lost, a elsewhere.
struct scale_apart : elementwise<scale_apart, 2> {
    static constexpr std::string_view name = "scale_apart";
    static constexpr settled_as settled = settled_as::measured;
    static constexpr int cost = 24;
    // Its magnitude is what has to be in the range of sums of squares for a value_of_settled.
    template <class M, class V>
    static constexpr V measured(V turn, V a) {
        return turn * a;
    }
    template <class M, class V>
    static constexpr V value(V turn, V a) {
        using range = detail::squares_range<typename detail::lane<V>::type>;
        V const size = M::abs(turn * a), one = V(1), large = M::where(size <= V(range::high), one, a);
        V const small = M::where(turn == V(0), one, M::where(a == V(0), one, a));
        return M::where(size < V(range::low), small, large);
    }
    template <class M, class V>
    static constexpr V value_of_settled(V, V) {
        return V(1);
    }
};

// x y + z, rounded once where the machine does that.
struct multiply_add : elementwise<multiply_add, 3> {
    static constexpr std::string_view name = "multiply_add";
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x, V y, V z) {
        return M::fma(x, y, z);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], n.argument[1]);
        a.of_argument[1] = push<multiply>(g, a.cotangent[0], n.argument[0]);
        a.of_argument[2] = a.cotangent[0];
    }
};

// x s, where s is one that scale_apart makes.
struct scaled_apart : elementwise<scaled_apart, 2> {
    static constexpr std::string_view name = "scaled_apart";
    static constexpr settled_as settled = settled_as::without_scale;
    static constexpr int cost = -1;  // as a rule it is left out, and so is the scale that it reads
    using uses = ops<multiply, scaled_apart>;
    template <class M, class V>
    static constexpr V value(V x, V s) {
        return x * s;
    }
    template <class M, class V>
    static constexpr V value_of_settled(V x, V) {
        return x;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<scaled_apart>(g, a.cotangent[0], n.argument[1]);
        a.of_argument[1] = push<multiply>(g, a.cotangent[0], n.argument[0]);
    }
};

// x s / n, where s is the scale_of_root of x and n the scaled_root: arguments that have no derivative of their own,
// which is (c - y sum(c y)) / n s.
struct over_length : elementwise<over_length, 3> {
    static constexpr std::string_view name = "over_length";
    static constexpr bool composite = true;
    using uses = ops<divide, multiply, multiply_add, negate, reduce_to, scaled_apart>;
    template <class M, class V>
    static constexpr V value(V x, V s, V n) {
        return x * s / n;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const y = n.first, length = n.argument[2], cy = push<multiply>(g, a.cotangent[0], y);
        extents const s = g.shape_of(length);
        int const part = g.shape_of(cy) == s ? cy : push_with<reduce_to>(g, attributes_of(s), cy);
        int const across = push<multiply_add>(g, y, push<negate>(g, part), a.cotangent[0]);
        a.of_argument[0] = push<scaled_apart>(g, push<divide>(g, across, length), n.argument[1]);
    }
    static constexpr int rewrite(auto& g, node const& n) {
        return push<divide>(g, push<scaled_apart>(g, n.argument[0], n.argument[1]), n.argument[2]);
    }
};

// x s n r, where s is the scale_of_root of x, n a number of its own for each row, and r the reciprocal of the
// scaled_root: arguments that have no derivative of their own, but for n.
struct along : elementwise<along, 4> {
    static constexpr std::string_view name = "along";
    static constexpr bool composite = true;
    using uses = ops<divide, multiply, multiply_add, negate, reduce_to, scale_apart, scaled_apart>;
    template <class M, class V>
    static constexpr V value(V x, V n, V r, V s) {
        return x * s * (n * r);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const x = n.argument[0], number = n.argument[1], r = n.argument[2], by = n.argument[3];
        extents const s = g.shape_of(r);
        int const cx = push<multiply>(g, a.cotangent[0], x);
        int const plain = g.shape_of(cx) == s ? cx : push_with<reduce_to>(g, attributes_of(s), cx);
        int const inner = push<multiply>(g, push<scaled_apart>(g, plain, by), r);
        int const turn = push<multiply>(g, inner, push<negate>(g, r)), factor = push<multiply>(g, number, r);
        int const apart = push<scale_apart>(g, turn, factor), of_c = push<divide>(g, factor, apart),
                  of_x = push<multiply>(g, turn, of_c);
        int const scaled = push<scaled_apart>(g, x, by);
        int const sum = push<multiply_add>(g, scaled, of_x, push<multiply>(g, a.cotangent[0], of_c));
        a.of_argument[0] = push<scaled_apart>(g, push<scaled_apart>(g, sum, apart), by);
        a.of_argument[1] = inner;
    }
    static constexpr int rewrite(auto& g, node const& n) {
        int const scaled = push<scaled_apart>(g, n.argument[0], n.argument[3]);
        return push<multiply>(g, scaled, push<multiply>(g, n.argument[1], n.argument[2]));
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
