// Tracing a network: what its tensors are in a program, the program of a call in training or in inference, and what of
// the network's state a program changes.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/expr/takes.hpp"
#include "paramorph/nn/counts.hpp"
#include "paramorph/nn/module.hpp"

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

// Can forward be called? Asked twice: clang finds in the first call that a body's return types differ.
template <class M, class... X>
concept forward_is_sound =
    requires(M const& m, X... x) { m.forward(x...); } && requires(M const& m, X&&... x) { m.forward(std::move(x)...); };

// How a forward is written that takes N tensors.
template <int N>
constexpr sentence forward_of_tensors() {
    return sentence("that takes ", N == 1 ? sentence("one tensor").view() : counted(N, " tensor").view(),
                    ": write `constexpr auto forward(auto ",
                    N == 1   ? "x"
                    : N == 2 ? "x, auto y"
                             : "x, auto y, ...",
                    ") const`");
}
// What a function gives: traced tensors, one or a tuple of several. Their symbols, as a tuple.
template <class R>
struct results {
    static constexpr bool traced = false, several = false;
};
template <class... R>
struct symbols_of_results {
    using type = std::tuple<operand_type<R>...>;
    using real = typename std::tuple_element_t<0, type>::value_type;
    using operations = join<typename operand_type<R>::operations...>;
    static constexpr bool traced = true;
    static constexpr int count = sizeof...(R);
    static constexpr bool one_type =
        paramorph::real<real> && (std::is_same_v<typename operand_type<R>::value_type, real> && ...);
    static constexpr void output(graph& g, R const&... r) { (g.output(as_operand(r).id), ...); }
};
template <paramorph::traced R>
struct results<R> : symbols_of_results<R> {
    static constexpr bool several = false;
};
template <paramorph::traced... R>
    requires(sizeof...(R) > 0)
struct results<std::tuple<R...>> : symbols_of_results<R...> {
    static constexpr bool several = true;
    static constexpr void output(graph& g, std::tuple<R...> const& r) {
        std::apply([&](auto const&... each) { symbols_of_results<R...>::output(g, each...); }, r);
    }
};
template <paramorph::traced A, paramorph::traced B>
struct results<std::pair<A, B>> : results<std::tuple<A, B>> {};

// The same results, made with these operations, too.
template <class Operations, class R>
constexpr auto with_operations(R const& y) {
    if constexpr (is_symbol<R>)
        return symbol<typename R::shape_type, typename R::value_type, join<Operations, typename R::operations>>{
            y.traced, y.id};
    else if constexpr (traced<R>)
        return with_operations<Operations>(y.as_symbol());
    else if constexpr (results<R>::several)
        return std::apply([](auto const&... each) { return std::tuple{with_operations<Operations>(each)...}; },
                          std::tuple(y));
    else
        return y;
}

// Can forward be called for this mode?
template <mode Mode, class M, class... X>
concept forward_takes_module_mode = requires(M const& m, X... x) { m.template forward<Mode>(x...); };

// Moves the buffers that a forward names, and answers with the result alone.
template <class M, class R>
constexpr auto without_updates(R const& r) {
    return r;
}
template <class M, class R, class... New>
constexpr auto without_updates(with_update<R, New...> const& r) {
    if constexpr (!(is_new_value<New> && ...)) {
        using wrong [[maybe_unused]] =
            mistake<sentence("call: forward of ", short_type_name<M>(),
                             " answers with pm::updated(y, value), which does not say what becomes this value: write "
                             "pm::updated(y, buffer = value), buffer being a member of the module")>;
        return r.result;
    } else
        return std::apply(
            [&](auto const&... each) {
                traced_use const* const of[]{each.of...};
                for (std::size_t k = 1; k < sizeof...(New); ++k)
                    for (std::size_t j = 0; j < k; ++j)
                        if (of[k] && of[j] == of[k]) refused::pm_updated_names_a_buffer_twice();
                (each.store(), ...);
                return with_operations<join<typename New::operations...>>(r.result);
            },
            r.state);
}

// Are the results of both modes the same tensors?
template <class Training, class Inference>
constexpr bool same_results() {
    using a = results<Training>;
    using b = results<Inference>;
    if constexpr (!a::traced || !b::traced || a::several != b::several)
        return false;
    else
        return []<class... X, class... Y>(std::type_identity<std::tuple<X...>>, std::type_identity<std::tuple<Y...>>) {
            if constexpr (sizeof...(X) != sizeof...(Y))
                return false;
            else
                return ((std::is_same_v<typename X::shape_type, typename Y::shape_type> &&
                         std::is_same_v<typename X::value_type, typename Y::value_type>) &&
                        ...);
        }(std::type_identity<typename a::type>{}, std::type_identity<typename b::type>{});
}
template <class R>
constexpr sentence extents_of_result() {
    if constexpr (results<R>::traced)
        return []<class... X>(std::type_identity<std::tuple<X...>>) {
            return sentence(listed(X::shape_type::value...).view());
        }(std::type_identity<typename results<R>::type>{});
    else
        return sentence(short_type_name<R>());
}

// A forward that is a template of the mode: both modes are compiled, and the graph says which one is traced.
template <class M, class... X>
constexpr auto forward_in_mode(M const& m, X... x) {
    constexpr bool trains = forward_takes_module_mode<mode::training, M, X...>,
                   infers = forward_takes_module_mode<mode::inference, M, X...>;
    if constexpr (!trains || !infers) {
        using wrong [[maybe_unused]] = mistake<sentence(
            "call: forward of ", short_type_name<M>(), " takes no pm::mode::", trains ? "inference" : "training",
            ": a network is called in both modes: write `template <pm::mode M> constexpr auto forward(auto x) const` "
            "for both, with `if constexpr (M == pm::mode::training)` inside")>;
        return std::get<0>(std::tuple{x...});
    } else {
        using in_inference = decltype(m.template forward<mode::inference>(x...));
        using training = decltype(without_updates<M>(m.template forward<mode::training>(x...)));
        if constexpr (is_update<in_inference>) {
            using wrong [[maybe_unused]] = mistake<sentence(
                "call: forward<pm::mode::inference> of ", short_type_name<M>(),
                " answers with pm::updated, and buffers do not move in inference: return the result alone there, `if "
                "constexpr (M == pm::mode::training)`")>;
            return std::get<0>(std::tuple{x...});
        } else if constexpr (!same_results<training, in_inference>()) {
            using wrong [[maybe_unused]] = mistake<sentence("call: forward of ", short_type_name<M>(),
                                                            " must give the same tensors in both modes: it gives ",
                                                            extents_of_result<training>().view(), " in training and ",
                                                            extents_of_result<in_inference>().view(), " in inference")>;
            return std::get<0>(std::tuple{x...});
        } else {
            using all = join<typename results<training>::operations, typename results<in_inference>::operations>;
            graph const* const g = graph_of(x...);
            if (!g) static_cast<void>(m.template forward<mode::inference>(x...));  // a rehearsal: of both
            if (g && g->modules == traced_mode::none) refused::a_module_with_modes_stands_in_the_cell_of_a_scan();
            if (!g || g->modules == traced_mode::training)
                return with_operations<all>(without_updates<M>(m.template forward<mode::training>(x...)));
            return with_operations<all>(m.template forward<mode::inference>(x...));
        }
    }
}

// A module's forward. Where it cannot be called, the compiler says why, unless it has shown a mistake inside of it.
template <class M, class X, class... More>
constexpr auto forward_of(M const& m, X x, More... more) {
    if constexpr (forward_takes_module_mode<mode::training, M, X, More...>)
        return forward_in_mode(m, x, more...);
    else if constexpr (forward_is_sound<M, X, More...>)
        return without_updates<M>(m.forward(x, more...));
    else if constexpr (forward_takes_module_mode<mode::inference, M, X, More...>)
        return forward_in_mode(m, x, more...);
    else {
        if constexpr (!member_forward_takes<M, X, More...>())
            using wrong [[maybe_unused]] =
                mistake<sentence("call: ", short_type_name<M>(), " has no forward ",
                                 forward_of_tensors<1 + sizeof...(More)>().view(), ", which a const network can call")>;
        return x;
    }
}

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
    if (!made_by<closure<typename P::operations>>(g, changed.value, changed.count))
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
        if constexpr (!detail::has_sound_members<M>)  // the mistake was said
            g.output(place_leaf<shape<>, real>(g, 0).id);
        else {
            M m{};
            int position = detail::bind_tensors<B>(m, g, Mode);
            auto const next = [&]<class In>(In) {
                return place_leaf<typename In::shape_type, typename In::value_type>(g, position++);
            };
            std::tuple<typename Input::symbol_type...> const in{next(Input{})...};  // braces: from left to right
            detail::results<result>::output(
                g, std::apply([&](auto const&... x) { return detail::apply_function<F>(m, x...); }, in));
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

// A list in braces has no type that a layer's call operator could take.
#define PARAMORPH_LIST                                                                                               \
    "call: a list in braces has no shape: write xt::xtensor_fixed<float, xt::xshape<2>> x{1, 2}, or an xt::xtensor " \
    "for a run-time batch, then net(x)"
#define PARAMORPH_TAKES_NO_LIST                                                   \
    template <class N, std::size_t Count, detail::sentence Says = PARAMORPH_LIST> \
    constexpr int operator()(N const(&)[Count]) const = PARAMORPH_REFUSED(PARAMORPH_LIST);

}  // namespace paramorph::inline PARAMORPH_ABI
