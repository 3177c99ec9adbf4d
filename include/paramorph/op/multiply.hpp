// multiply: x * y, elementwise with broadcasting. Adjoints: c y and c x. `x * 1` is x; `x * 0` stays where x is not
// known (it may not be finite). Cost: one operation an element, in the loop that uses it; the gradient one for each
// argument. Source: torch.mul.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct multiply : elementwise<multiply, 2> {
    static constexpr std::string_view name = "multiply";
    static constexpr bool commutes = true;
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return x * y;
    }
    static constexpr double magnitude(double const* x) {
        return x[0] >= unbounded || x[1] >= unbounded ? unbounded : x[0] * x[1];
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        if (n.argument[0] == n.argument[1]) {
            // 2 (c x), where nothing overflows that does not in the end; (2 c) x where c is repeated, so that there are
            // fewer elements of it.
            int const c = a.cotangent[0], x = n.argument[0], two = append_constant(g, 2);
            bool const repeated = g.producer_of(c).operation->kind == category::view;
            a.of_argument[0] = repeated ? push<multiply>(g, push<multiply>(g, c, two), x)
                                        : push<multiply>(g, push<multiply>(g, c, x), two);
            return;
        }
        if (!g.is_constant(n.argument[0])) a.of_argument[0] = push<multiply>(g, a.cotangent[0], n.argument[1]);
        if (!g.is_constant(n.argument[1])) a.of_argument[1] = push<multiply>(g, a.cotangent[0], n.argument[0]);
    }
    static constexpr folded fold(known const* k) {
        if (k[0].constant && k[0].number == 1) return {folded::argument, 1};
        if (k[1].constant && k[1].number == 1) return {folded::argument, 0};
        bool const finite =
            k[0].constant && k[1].constant && math::isfinite(k[0].number) && math::isfinite(k[1].number);
        if (finite && (k[0].number == 0 || k[1].number == 0)) return {folded::constant, 0, 0};
        return {};
    }
    // Numbers meet where nothing else reads what changes, and no product that is computed on the way leaves the range
    // of the type where none does as it is written:
    //
    //   side by side    (x a) b is x (a b): one product less, and the result is the same one. So for every operation
    //                   that has a number to spare (`scaled`).
    //   across factors  ((x a) y) b is (x (a b)) y or (x y) (a b). Inwards every product on the way becomes b times
    //                   what it was, outwards 1 / a times; none overflows if |b| <= 1, or |a| >= 1. Where one factor
    //                   lies between, that is one product, x (a b) or x y: it is no larger than x if |a b| <= 1, no
    //                   larger than the result if |a b| >= 1. They shrink, by 2^8 at most, because a, b and a b must
    //                   lie within 2^-4 and 2^4: gradual underflow takes at most those eight bits, and only of products
    //                   that close to the smallest normal number. Not before differentiation: a cotangent would be
    //                   multiplied by numbers in another order, too.
    static constexpr int rewrite(auto& g, node const& n) {
        for (int k = 0; k < 2; ++k) {
            if (!g.is_constant(n.argument[k])) continue;
            taken const t = take(g, n.argument[1 - k], g.producer_of(n.argument[k]).number, deepest, 0);
            if (t.in >= 0) return times(g, t.in, t.left);
        }
        return -1;
    }

  private:
    // How many products and views deep a number is sought: each is made anew when it is found.
    static constexpr int deepest = 8;

    // A number was taken in; what is left of it, and of the number that it met, stands beside the value.
    struct taken {
        int in = -1;
        double left = 1;
    };
    static constexpr int times(auto& g, int v, double number) {
        return number == 1 ? v : push<multiply>(g, v, append_constant(g, number));
    }
    static constexpr bool near_one(double x) { return math::abs(x) >= 0x1p-4 && math::abs(x) <= 0x1p4; }

    // v * b with b taken into a number below v, which lies across that many factors.
    static constexpr taken take(auto& g, int v, double b, int depth, int across) {
        node from = g.producer_of(v);
        if (g.readers[v] > 1 || depth == 0) return {};
        if (from.operation->id == id_of<multiply>) return take_into_product(g, from, b, depth, across);
        if (from.operation->kind != category::view && from.operation->kind != category::alias)
            return {from.operation->scales && across == 0 ? from.operation->scaled(g, from, b) : -1};
        taken const t = take(g, from.argument[0], b, depth - 1, across);
        if (t.in < 0) return {};
        from.argument[0] = t.in;
        return {g.push(from), t.left};
    }
    static constexpr taken take_into_product(auto& g, node const& n, double b, int depth, int across) {
        for (int k = 0; k < 2; ++k)
            if (g.is_constant(n.argument[k]))
                return meet(g, n.argument[1 - k], g.producer_of(n.argument[k]).number, b, across);
        if (g.derived_next) return {};  // its derivatives read the factors
        for (int k = 0; k < 2; ++k) {
            taken const t = take(g, n.argument[k], b, depth - 1, across + 1);
            if (t.in >= 0) return {push<multiply>(g, t.in, n.argument[1 - k]), t.left};
        }
        return {};
    }
    // (x a) times b.
    static constexpr taken meet(auto& g, int x, double a, double b, int across) {
        if (!normal(g, a, b)) return {};
        double const product = a * b;
        if (across == 0) return {times(g, x, product)};
        if (!near_one(a) || !near_one(b) || !near_one(product)) return {};
        if (math::abs(b) <= 1 || (across == 1 && math::abs(product) <= 1)) return {times(g, x, product)};
        if (math::abs(a) >= 1 || across == 1) return {x, product};
        return {};
    }
    // Is the product of two numbers a normal number of the graph's type? Nothing overflows here: constant evaluation
    // refuses that.
    static constexpr bool normal(auto const& g, double a, double b) {
        double const x = math::abs(a), y = math::abs(b), large = x < y ? y : x, small = x < y ? x : y;
        double const most = g.real == element::f32 ? 0x1.fffffep127 : 0x1.fffffffffffffp1023,
                     least = g.real == element::f32 ? 0x1p-126 : 0x1p-1022;
        if (!(large <= most && small > 0)) return false;
        return large >= 1 ? small < most / large && small >= least / large : small * large >= least;
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator*(X const& x, Y const& y) {
    return apply_elementwise<op::multiply>(x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
