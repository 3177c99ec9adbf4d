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

// Appends the gradient of output `y`, whose cotangent is `seed`, with respect to leaves 0, ..., count - 1; zeros for a
// leaf that y does not depend on. Each becomes an output.
constexpr void output_gradients(graph& g, int y, int seed, int count) {
    if (count > max_outputs - 1) refused::a_gradient_of_more_than_255_tensors_is_taken();
    int const output[]{y}, seeds[]{seed};
    int wanted[max_outputs]{}, adjoints[max_outputs]{};
    for (int k = 0; k < count; ++k) wanted[k] = k;
    differentiate(g, {output, seeds, 1, wanted, adjoints, count});
    for (int k = 0; k < count; ++k) {
        extents const& s = g.shape_of(k);
        int const d = adjoints[k];
        g.output(d >= 0 && g.shape_of(d) == s
                     ? d
                     : g.push_with<op::broadcast_to>(op::attributes_of(s), d >= 0 ? d : place_number(g, 0)));
    }
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
        g.output(
            std::apply([](auto... x) { return traits::forward(x...); }, detail::place_originals<traits, T>(g, 0)).id);
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
        int const y = g.outputs[0];
        g.output_count = 0;
        detail::output_gradients(g, y, traits::original_count, traits::original_count);
        return g;
    }
};

}  // namespace program

}  // namespace paramorph
