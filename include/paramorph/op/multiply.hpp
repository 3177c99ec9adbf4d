// multiply: x * y, elementwise with broadcasting. Adjoints: c y and c x. `x * 1` is x; `x * 0` stays where x is not
// known (it may not be finite).
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
            a.of_argument[0] = push<multiply>(g, push<multiply>(g, a.cotangent[0], place_number(g, 2)), n.argument[0]);
            return;
        }
        if (!g.is_constant(n.argument[0])) a.of_argument[0] = push<multiply>(g, a.cotangent[0], n.argument[1]);
        if (!g.is_constant(n.argument[1])) a.of_argument[1] = push<multiply>(g, a.cotangent[0], n.argument[0]);
    }
    static constexpr folded fold(known const* k) {
        if (k[0].constant && k[0].number == 1) return {folded::argument, 1};
        if (k[1].constant && k[1].number == 1) return {folded::argument, 0};
        if (k[0].constant && k[1].constant && (k[0].number == 0 || k[1].number == 0)) return {folded::constant, 0, 0};
        return {};
    }
    // Numbers meet: (x * a) * b is x * (a b), and ((x * a) * y) * b is (x * (a b)) * y, for numbers a and b and where
    // nothing else reads what changes; so for every operation that has a number to spare (`scaled`). The number stays
    // with the innermost factor, off the path from y to the result.
    static constexpr int rewrite(auto& g, node const& n) {
        for (int k = 0; k < 2; ++k) {
            if (!g.is_constant(n.argument[k])) continue;
            int const product = absorbed(g, n.argument[1 - k], g.producer_of(n.argument[k]).number, deepest);
            if (product >= 0) return product;
        }
        return -1;
    }

  private:
    // How many products and views deep a number is sought: each is made anew when it is found.
    static constexpr int deepest = 8;

    // v * b with b taken into a number below v, or -1.
    static constexpr int absorbed(auto& g, int v, double b, int depth) {
        node from = g.producer_of(v);
        if (g.readers[v] > 1 || depth == 0) return -1;
        if (from.operation->id == id_of<multiply>) return product_absorbs(g, from, b, depth);
        if (from.operation->kind != category::view && from.operation->kind != category::alias)
            return from.operation->scales ? from.operation->scaled(g, from, b) : -1;
        int const x = absorbed(g, from.argument[0], b, depth - 1);
        if (x < 0) return -1;
        from.argument[0] = x;
        return g.push(from);
    }
    static constexpr int product_absorbs(auto& g, node const& n, double b, int depth) {
        for (int k = 0; k < 2; ++k) {
            int const x = n.argument[1 - k];
            if (!g.is_constant(n.argument[k])) continue;
            double const product = g.producer_of(n.argument[k]).number * b, size = math::abs(product);
            bool const normal = g.real == element::f32 ? size >= 0x1p-126 && size <= 0x1.fffffep127
                                                       : size >= 0x1p-1022 && size <= 0x1.fffffffffffffp1023;
            return normal ? push<multiply>(g, x, place_number(g, product)) : -1;
        }
        for (int k = 0; k < 2; ++k) {
            int const x = absorbed(g, n.argument[k], b, depth - 1);
            if (x >= 0) return push<multiply>(g, x, n.argument[1 - k]);
        }
        return -1;
    }
};
}  // namespace op

template <operand X, operand Y>
    requires(traced<X> || traced<Y>)
constexpr auto operator*(X const& x, Y const& y) {
    return apply_elementwise<op::multiply>(x, y);
}

}  // namespace paramorph::inline PARAMORPH_ABI
