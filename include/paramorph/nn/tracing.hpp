// Tracing a network: what its tensors are in a program, the program of a call in training or in inference, and what of
// the network's state a program changes. Errors: bounds in the wrong order, known when the network is traced, are the
// compiler's. Cost: none at run time: a program is traced when it is compiled. Source: this library's; torch.fx traces
// alike.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/core/unpacked.hpp"
#include "paramorph/nn/counts.hpp"
#include "paramorph/nn/forward.hpp"
#include "paramorph/nn/module.hpp"
#include "paramorph/nn/operations_of_arrays.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a network's tensors are in a program: leaves for their originals, or for their values.
enum class binding { originals, values };

// An input of a program: its shape and element type, as in `pm::input<pm::shape<32, 64>>`.
template <class Shape, class T = float>
struct input {
    using shape_type = Shape;
    using value_type = T;
    using symbol_type = symbol<Shape, T>;
};

namespace detail {

template <binding B, class M>
constexpr int bind_tensors(M& m, graph& g, mode of = mode::training) {
    g.modules = of == mode::training ? traced_mode::training : traced_mode::inference;
    int position = 0;
    for_each_tensor(m, [&](auto& t) {
        if constexpr (B == binding::originals)
            t.bind(g, position);
        else
            t.bind_value(g, position);
    });
    return position;
}

// Leaves for the inputs of a program, from `position` on.
template <class... Input>
constexpr auto append_inputs(graph& g, int position) {
    [[maybe_unused]] auto const next = [&]<class In>(In) {  // g++ takes position++ in a pack for an error
        return append_leaf<typename In::shape_type, typename In::value_type>(g, position++);
    };
    return std::tuple<typename Input::symbol_type...>{next(Input{})...};  // braces: from left to right
}

// What training changes of a network's state: leaves, and where the graph has what they become.
struct state_updates {
    int count = 0, leaf[max_outputs]{}, value[max_outputs]{};
    constexpr void add(int l, int v) {
        if (count == max_outputs) refused::a_program_has_more_than_256_outputs();
        leaf[count] = l;
        value[count++] = v;
    }
};
template <class M>
constexpr state_updates updates_of(M const& m) {
    state_updates u;
    int leaf = 0;
    for_each_tensor(m, [&]<class Tensor>(Tensor const& t) {
        if constexpr (Tensor::can_be_moved)
            if (t.is_moved()) u.add(leaf, t.moved_to());
        for (int k = 0; k < Tensor::state_count; ++k)
            if (t.updates_state(k)) u.add(leaf + Tensor::original_count + k, t.updated_state(k));
        leaf += Tensor::leaf_count;
    });
    return u;
}
// What stages of the network change, whatever a program does with it.
template <class M>
constexpr state_updates updates_of() {
    if constexpr (counts<M>.states == 0)
        return {};
    else {
        graph g = new_graph<module_value_type<M>>();
        M m{};
        bind_tensors<binding::originals>(m, g);
        return updates_of(m);
    }
}
template <class M>
inline constexpr state_updates updates = updates_of<M>();
// What a program of it changes: what its modules do with their buffers, too. `P::trace(g)` traces and answers that.
template <class P, class M>
constexpr state_updates updates_by() {
    if constexpr (counts<M>.buffers == 0)
        return updates<M>;
    else {
        graph g = new_graph<typename P::real>();
        return P::trace(g);
    }
}

// How a network states the shape of a row; a convolution takes its extents as an option.
#define PARAMORPH_STATE_SHAPE                                                                                         \
    "write `using input_shape = pm::shape<8>;` into your struct, or into one around library layers, or give a first " \
    "convolution pm::input_size<8>"
template <class M>
concept states_input_shape = requires { typename M::input_shape; };
// The shapes of a row of each input, where a network states them.
template <class M>
concept states_input_shapes = requires { typename M::input_shapes; };
template <class M>
concept states_rows = states_input_shape<M> || states_input_shapes<M>;
template <class M>
struct stated_rows {
    using type = shapes<typename M::input_shape>;
};
template <states_input_shapes M>
struct stated_rows<M> {
    using type = typename M::input_shapes;
};

// What a program is made of: the forward of a network, a function of a network and of inputs, or, where the network is
// none, a function of inputs alone.
struct forward_of_network {};
template <class F, class M, class... X>
constexpr auto apply_function(M const& m, X const&... x) {
    if constexpr (std::is_same_v<F, forward_of_network>)
        return forward_of(m, x...);
    else if constexpr (std::is_same_v<M, no_members>)
        return F{}(x...);
    else
        return F{}(m, x...);
}
template <class F, class M, class... Input>
using function_result =
    decltype(apply_function<F>(std::declval<M const&>(), std::declval<typename Input::symbol_type const&>()...));
template <class M, class... Input>
using forward_result = function_result<forward_of_network, M, Input...>;

// Can a function be evaluated while compiling? It is called on symbols of no graph, which costs next to nothing; so a
// function that is not constexpr is told from a limit of the graph. Where that fails, the program itself is asked.
template <class F, class M, class... X>
constexpr bool rehearse() {
    M m{};
    for_each_tensor(m, [](auto& t) { t.rehearse(); });
    static_cast<void>(apply_function<F>(m, X{}...));
    return true;
}
template <class F, class M, class... X>
concept rehearsed = requires { typename std::bool_constant<rehearse<F, M, X...>()>; };
template <class P>
concept built_while_compiling = requires { typename std::bool_constant<(P::build().size > 0)>; };
// Where that fails: is it a clamp whose bounds are exchanged?
template <class P>
constexpr exchanged_bounds asked_bounds() {
    exchanged_bounds b;
    graph g = new_graph<typename P::real>();
    g.bounds = &b;
    P::trace(g);
    return b;
}
template <class P>
concept exchanges_bounds =
    requires { typename std::bool_constant<asked_bounds<P>().found>; } && asked_bounds<P>().found;
template <class P>
constexpr void refuse_bounds() {
    constexpr exchanged_bounds b = asked_bounds<P>();
    using wrong = mistake<sentence("clamp: the lower bound is ", b.low, " and the upper one ", b.high,
                                   ": clamp(x, low, high) takes the lower bound first")>;
    using said [[maybe_unused]] = wrong::type;
}

// Are values made by operations of this list alone?
template <class Operations>
constexpr bool made_by(graph const& g, int const* values, int count) {
    bool read[max_nodes]{};
    for (int k = 0; k < count; ++k) read[g.values[values[k]].producer] = true;
    for (int k = g.size - 1; k >= 0; --k) {
        node const& n = g.nodes[k];
        if (!read[k] || n.operation->kind == category::leaf || n.operation->kind == category::constant) continue;
        if (index_of(Operations{}, n.operation->id) == Operations::size) return false;
        for (int i = 0; i < n.operation->arity; ++i) read[g.values[n.argument[i]].producer] = true;
    }
    return true;
}
// Outputs what state becomes, after the results.
template <class P>
constexpr void finish_trace(graph& g, state_updates const& changed) {
    if (g.unused_updates != 0) refused::a_buffer_is_assigned_in_forward_and_not_returned_by_pm_updated();
    if (changed.count == 0) return;
    // The type of a program knows the operations of its results.
    if (!made_by<operation_closure<typename P::operations>>(g, changed.value, changed.count))
        refused::a_module_moves_its_state_in_a_call_whose_result_is_not_used();
    for (int k = 0; k < changed.count; ++k) g.output(changed.value[k]);
}

}  // namespace detail

namespace program {

// The program of a function. Arguments: a network's leaves or values, then the inputs. Outputs: the results, then in
// training what state becomes.
template <class F, class M, binding B, mode Mode, class... Input>
struct function_of {
    using result = detail::function_result<F, M, Input...>;
    using real = typename detail::results<result>::real;
    using operations = join<base_operations, typename detail::results<result>::operations>;
    // Traces into a graph. What state changes?
    static constexpr detail::state_updates trace(graph& g) {
        detail::state_updates changed;
        if constexpr (!detail::members_are_sound<M>())  // the mistake was said
            g.output(append_leaf<shape<>, real>(g, 0).id);
        else {
            M m{};
            auto const in = detail::append_inputs<Input...>(g, detail::bind_tensors<B>(m, g, Mode));
            detail::results<result>::output(
                g, detail::unpacked([&](auto const&... x) { return detail::apply_function<F>(m, x...); }, in));
            if (Mode == mode::training) changed = detail::updates_of(m);
            detail::finish_trace<function_of>(g, changed);
        }
        return changed;
    }
    static constexpr graph build() {
        graph g = new_graph<real>();
        trace(g);
        return g;
    }
    static constexpr detail::state_updates updates = [] {
        if constexpr (Mode == mode::training)
            return detail::updates_by<function_of, M>();
        else
            return detail::state_updates{};
    }();
};
// The program of a network's call, in inference.
template <class M, binding B, class... Input>
using call_of = function_of<detail::forward_of_network, M, B, mode::inference, Input...>;

}  // namespace program

// A list in braces has no type that a layer's call operator could take; its forward is traced, and takes no array.
#define PARAMORPH_LIST                                                                                               \
    "call: a list in braces has no shape: write xt::xtensor_fixed<float, xt::xshape<2>> x{1, 2}, or an xt::xtensor " \
    "for a run-time batch, then net(x)"
#define PARAMORPH_TAKES_NO_LIST                                                   \
    template <class N, std::size_t Count, detail::sentence Says = PARAMORPH_LIST> \
    constexpr int operator()(N const(&)[Count]) const = PARAMORPH_REFUSED(PARAMORPH_LIST);
// Beside a layer's own forward.
#define PARAMORPH_FORWARDS_NO_ARRAY                                   \
    template <detail::untraced_array X>                               \
    constexpr X forward(X x) const {                                  \
        using wrong = detail::mistake<detail::forward_of_array<X>()>; \
        using said [[maybe_unused]] = wrong::type;                    \
        return x;                                                     \
    }

}  // namespace paramorph::inline PARAMORPH_ABI
