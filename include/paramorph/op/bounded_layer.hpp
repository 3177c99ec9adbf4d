// What is known of a whole layer f and not of its parts, for pm::lipschitz (prove/properties.hpp): y = f(x), made of a
// matrix w and of an activation whose slopes lie within 0 and 1. `bounded_layer<layer_bound::square>(y, x, w)` is y,
// and says that it moves by |w|^2 at most where x moves by 1, |w| the 2-norm; `step`: by max(1, 2 |w|^2 - 1). It is no
// computation: the simplify pass takes y itself. Adjoint: the cotangent, to y. Cost: none. Source: this
// library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {
enum class layer_bound { square, step };
}  // namespace detail

namespace op {
struct bounded_layer : shaped<bounded_layer> {
    static constexpr std::string_view name = "bounded_layer";
    static constexpr category kind = category::alias;  // of y: what walks a graph goes through
    static constexpr int arity = 3;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    static constexpr void derive(auto&, node const&, adjoint& a) { a.of_argument[0] = a.cotangent[0]; }
    static constexpr int rewrite(auto&, node const& n) { return n.argument[0]; }
};
}  // namespace op

namespace detail {

template <layer_bound Bound, traced Y, traced X, traced W>
constexpr auto bounded_layer(Y const& y, X const& x, W const& w) {
    return apply<op::bounded_layer, attributes{{int(Bound)}}>(y, x, w);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
