// The programs that a parametrization gives: value, right inverse, and vector-Jacobian product.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/differentiate.hpp"
#include "paramorph/graph/simplify.hpp"
#include "paramorph/parametrize/chain.hpp"

namespace paramorph {

namespace detail {

template <class Traits, class T, int... K>
constexpr auto place_originals(graph& g, int position, std::integer_sequence<int, K...>) {
    return std::tuple{place_leaf<typename Traits::template original_shape<K>, T>(g, position + K)...};
}
// Leaves for the originals of a chain, from `position` on, and the value they give.
template <class Traits, class T>
constexpr auto place_originals(graph& g, int position) {
    return place_originals<Traits, T>(g, position, std::make_integer_sequence<int, Traits::original_count>{});
}

// Makes the adjoint of leaf k an output; zeros where the result does not depend on the leaf.
constexpr void output_gradient(graph& g, int adjoint, int k) {
    extents const& s = g.shape_of(k);
    bool const whole = adjoint >= 0 && g.shape_of(adjoint) == s;
    g.output(whole ? adjoint : g.push_with<op::broadcast_to>(op::attributes_of(s), adjoint >= 0 ? adjoint : place_number(g, 0)));
}

}  // namespace detail

namespace program {

// Arguments: the originals. Output: the value.
template <class P, class Shape, paramorph::real T = float>
struct value_of {
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = typename traits::forward_operations;
    static constexpr graph build() {
        graph g = new_graph<T>();
        g.output(std::apply([](auto... x) { return traits::forward(x...); }, detail::place_originals<traits, T>(g, 0)).id);
        return g;
    }
};

// Argument: a value. Outputs: the originals that right_inverse gives.
template <class P, class Shape, paramorph::real T = float>
struct right_inverse_of {
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = decltype(traits::inverse_operation_list());
    static constexpr graph build() {
        graph g = new_graph<T>();
        std::apply([&](auto... x) { (g.output(x.id), ...); }, traits::invert(place_leaf<Shape, T>(g, 0)));
        return g;
    }
};

// Arguments: the originals, then the value's cotangent. Outputs: the cotangents of the originals.
template <class P, class Shape, paramorph::real T = float>
struct gradient_of {
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = typename traits::forward_operations;
    static constexpr graph value = [] {
        graph g = new_graph<T>();
        auto const x = detail::place_originals<traits, T>(g, 0);
        place_leaf<Shape, T>(g, traits::original_count);
        g.output(std::apply([](auto... o) { return traits::forward(o...); }, x).id);
        return g;
    }();
    static constexpr graph simple = simplify(value);
    static constexpr graph build() {
        graph g = simple;
        int wanted[max_outputs]{}, adjoints[max_outputs]{};
        for (int k = 0; k < traits::original_count; ++k) wanted[k] = k;
        int const output[]{g.outputs[0]}, seed[]{traits::original_count};
        differentiate(g, {output, seed, 1, wanted, adjoints, traits::original_count});
        g.output_count = 0;
        for (int k = 0; k < traits::original_count; ++k) detail::output_gradient(g, adjoints[k], k);
        return g;
    }
};

}  // namespace program

}  // namespace paramorph
