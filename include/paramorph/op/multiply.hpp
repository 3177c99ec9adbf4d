// multiply: x * y, elementwise with broadcasting. Adjoints: c y and c x. `x * 1` is x; `x * 0` stays (x may not be finite).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph {

namespace op {
struct multiply : elementwise<multiply, 2> {
    static constexpr std::string_view name = "multiply";
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x, V y) {
        return x * y;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        if (!g.is_constant(n.argument[0])) a.of_argument[0] = g.push<multiply>(a.cotangent[0], n.argument[1]);
        if (!g.is_constant(n.argument[1])) a.of_argument[1] = g.push<multiply>(a.cotangent[0], n.argument[0]);
    }
    static constexpr folded fold(known const* k) {
        if (k[0].constant && k[0].number == 1) return {folded::argument, 1};
        if (k[1].constant && k[1].number == 1) return {folded::argument, 0};
        return {};
    }
    // For numbers a and b, (x * a) * b is x * (a b), and (x * a) * y is (x * y) * a when nothing else reads x * a: numbers meet outside.
    static constexpr int rewrite(graph& g, node const& n) {
        for (int k = 0; k < 2; ++k) {
            int const other = n.argument[1 - k];
            node const& inner = g.producer_of(n.argument[k]);
            if (inner.operation->id != id_of<multiply>) continue;
            for (int j = 0; j < 2; ++j) {
                if (!g.is_constant(inner.argument[j])) continue;
                int const x = inner.argument[1 - j], a = inner.argument[j];
                if (g.is_constant(other)) return g.push<multiply>(x, place_number(g, g.producer_of(a).number * g.producer_of(other).number));
                if (g.readers[n.argument[k]] <= 1) return g.push<multiply>(g.push<multiply>(x, other), a);
            }
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
// square(x) = x x.
template <traced X>
constexpr auto square(X const& x) {
    return x * x;
}

}  // namespace paramorph
