// The programs that a parametrization gives: value, right inverse, vector-Jacobian product, and what the state begins
// as. A program's arguments are a tensor's leaves: its originals, then its state. Cost: that of the chain: the value
// and its right inverse forward once, the product with the Jacobian a value and about two more. Source:
// torch.nn.utils.parametrize.ParametrizationList, forward and right_inverse.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/unpacked.hpp"
#include "paramorph/graph/differentiate.hpp"
#include "paramorph/graph/simplify.hpp"
#include "paramorph/parametrize/stage_checks.hpp"
#include "paramorph/parametrize/traits.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Leaves for the originals of a chain, from `position` on.
template <class Traits, class T>
constexpr auto place_originals(graph& g, int position) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
        return std::tuple{append_leaf<typename Traits::template original_shape<K>, T>(g, position + K)...};
    }(std::make_integer_sequence<int, Traits::original_count>{});
}
// Leaves for its state.
template <class Traits, class T>
constexpr auto place_state(graph& g, [[maybe_unused]] int position) {
    typename Traits::places s;
    [&]<int... K>(std::integer_sequence<int, K...>) {
        ((s.now[K] = append_leaf<typename Traits::template state_tensor<K>::shape_type, T>(g, position + K).id), ...);
    }(std::make_integer_sequence<int, Traits::state_count>{});
    return s;
}
// Leaves for both, and the value they give.
template <class Traits, class T, mode M = mode::inference>
constexpr auto place_value(graph& g, int position, typename Traits::places& s) {
    auto const x = place_originals<Traits, T>(g, position);
    s = place_state<Traits, T>(g, position + Traits::original_count);
    return detail::unpacked([&](auto... o) { return Traits::template forward<M>(s, o...); }, x);
}

// Appends the gradient of output `y`, whose cotangent is `seed`, with respect to `count` leaves; zeros for a leaf that
// y does not depend on. Each becomes an output.
constexpr void output_gradients(graph& g, int y, int seed, int const* leaves, int count) {
    if (count > max_outputs - 1) refused::a_gradient_of_more_than_255_tensors_is_taken();
    int const output[]{y}, seeds[]{seed};
    int adjoints[max_outputs]{};
    differentiate(g, {output, seeds, 1, leaves, adjoints, count});
    for (int k = 0; k < count; ++k) {
        extents const& s = g.shape_of(leaves[k]);
        int const d = adjoints[k];
        g.output(d >= 0 && g.shape_of(d) == s
                     ? d
                     : push_with<op::broadcast_to>(g, op::attributes_of(s), d >= 0 ? d : append_constant(g, 0)));
    }
}

}  // namespace detail

namespace program {

// Arguments: the originals and the state. Outputs: the value, and in training what the state becomes.
template <class P, class Shape, paramorph::real T = float, mode M = mode::inference>
struct value_of {
    using tried = std::bool_constant<detail::try_stages<Shape, T>(std::type_identity<chain_of<P>>{})>;
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = typename traits::forward_operations;
    static constexpr graph build() {
        graph g = new_graph<T>();
        typename traits::places s;
        g.output(detail::place_value<traits, T, M>(g, 0, s).id);
        for (int k = 0; k < traits::state_count && M == mode::training; ++k) g.output(s.after(k));
        return g;
    }
};

// Arguments: a value, then the state. Outputs: the originals that right_inverse gives, then what the state becomes.
template <class P, class Shape, paramorph::real T = float>
struct right_inverse_of {
    using tried = std::bool_constant<detail::try_stages<Shape, T>(std::type_identity<chain_of<P>>{})>;
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = decltype(traits::inverse_operation_list());
    static constexpr graph build() {
        graph g = new_graph<T>();
        auto const s = trace(g);
        for (int k = 0; k < traits::state_count; ++k) g.output(s.after(k));
        return g;
    }
    // Which tensors of state right_inverse sets: those that it does not give back as they were.
    struct flags {
        bool at[traits::state_count + 1]{};
    };
    static constexpr flags changes_state() {
        graph g = new_graph<T>();
        auto const s = trace(g);
        flags f;
        for (int k = 0; k < traits::state_count; ++k) f.at[k] = s.next[k] >= 0 && s.next[k] != s.now[k];
        return f;
    }

  private:
    static constexpr typename traits::places trace(graph& g) {
        auto const y = append_leaf<typename traits::value_shape, T>(g, 0);
        auto s = detail::place_state<traits, T>(g, 1);
        detail::unpacked([&](auto... x) { (g.output(x.id), ...); }, traits::invert(y, s));
        return s;
    }
};

// Arguments: the originals, then numbers in (-1, 1) in the shapes of the state. Outputs: what the state begins as.
template <class P, class Shape, paramorph::real T = float>
struct first_state_of {
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = decltype(traits::begin_operation_list());
    static constexpr graph build() {
        graph g = new_graph<T>();
        auto const x = detail::place_originals<traits, T>(g, 0);
        auto s = detail::place_state<traits, T>(g, traits::original_count);
        detail::unpacked([&](auto... o) { traits::begin_state(s, o...); }, x);
        for (int k = 0; k < traits::state_count; ++k) g.output(s.now[k]);
        return g;
    }
};

// Arguments: the originals and the state, then the value's cotangent. Outputs: the cotangents of the originals. M: in
// which mode.
template <class P, class Shape, paramorph::real T = float, mode M = mode::inference>
struct gradient_of {
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    using operations = typename traits::forward_operations;
    static constexpr int leaves = traits::original_count + traits::state_count;
    static constexpr graph value = [] {
        graph g = new_graph<T>();
        auto const x = detail::place_originals<traits, T>(g, 0);
        auto s = detail::place_state<traits, T>(g, traits::original_count);
        append_leaf<typename traits::value_shape, T>(g, leaves);
        g.output(detail::unpacked([&](auto... o) { return traits::template forward<M>(s, o...); }, x).id);
        return g;
    }();
    static constexpr graph simple = simplify_to_differentiate(value);
    static constexpr graph build() {
        graph g = simple;
        int const y = g.outputs[0];
        g.output_count = 0;
        int wanted[traits::original_count];
        for (int k = 0; k < traits::original_count; ++k) wanted[k] = k;
        detail::output_gradients(g, y, leaves, wanted, traits::original_count);
        return g;
    }
};

}  // namespace program

}  // namespace paramorph::inline PARAMORPH_ABI
