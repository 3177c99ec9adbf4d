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
    int position = 0;
    for_each_tensor(m, [&](auto& t) {
        if constexpr (B == binding::originals)
            t.bind(g, position);
        else
            t.bind_value(g, position);
        t.use(of);
    });
    return position;
}

// What training changes of a network's state: leaves, and where the graph has what they become.
struct state_updates {
    int count = 0, leaf[max_outputs]{}, value[max_outputs]{};
};
template <class M>
constexpr state_updates updates_of(M const& m) {
    state_updates u;
    int leaf = 0;
    for_each_tensor(m, [&]<class Tensor>(Tensor const& t) {
        for (int k = 0; k < Tensor::state_count; ++k)
            if (t.updates_state(k)) {
                u.leaf[u.count] = leaf + Tensor::original_count + k;
                u.value[u.count++] = t.updated_state(k);
            }
        leaf += Tensor::leaf_count;
    });
    return u;
}
// The same without the graph.
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
// A module's forward. Where it cannot be called, the compiler says why, unless it has shown a mistake inside of it.
template <class M, class X, class... More>
constexpr auto forward_of(M const& m, X x, More... more) {
    if constexpr (forward_is_sound<M, X, More...>)
        return m.forward(x, more...);
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
        return m.forward(x...);
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

}  // namespace detail

namespace program {

// The program of a function. Arguments: a network's leaves or values, then the inputs. Outputs: the results, then in
// training what state becomes.
template <class F, class M, binding B, mode Mode, class... Input>
struct function_of {
    using result = detail::function_result<F, M, Input...>;
    using real = typename detail::results<result>::real;
    using operations = join<base_operations, typename detail::results<result>::operations>;
    static constexpr graph build() {
        graph g = new_graph<real>();
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
            if (Mode == mode::training) {
                auto const u = detail::updates_of(m);
                for (int k = 0; k < u.count; ++k) g.output(u.value[k]);
            }
        }
        return g;
    }
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
