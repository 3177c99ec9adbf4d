// Tracing a network: what its tensors are in a program, the program of a call in training or in inference, and what of
// the network's state a program changes.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

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

template <class M, class... Input>
using forward_result = decltype(std::declval<M const&>().forward(typename Input::symbol_type{}...));

// Can forward be called? Asked twice: clang finds in the first call that a body's return types differ.
template <class M, class X>
concept forward_is_sound =
    requires(M const& m, X x) { m.forward(x); } && requires(M const& m, X&& x) { m.forward(std::move(x)); };

// A module's forward. Where it cannot be called, the compiler says why, unless it has shown a mistake inside of it.
template <class M, class X>
constexpr auto forward_of(M const& m, X x) {
    if constexpr (forward_is_sound<M, X>)
        return m.forward(x);
    else {
        if constexpr (!member_forward_takes<M, X>())
            using wrong [[maybe_unused]] = mistake<sentence(
                "call: ", short_type_name<M>(),
                " has no forward that takes one tensor: write `constexpr auto forward(auto x) const`, which a const "
                "network can call")>;
        return x;
    }
}
// Can forward be evaluated while compiling? It is called on symbols of no graph, which costs next to nothing; so a
// function that is not constexpr is told from a limit of the graph. Where that fails, the program itself is asked.
template <class M, class X>
constexpr bool rehearse() {
    M m{};
    for_each_tensor(m, [](auto& t) { t.rehearse(); });
    static_cast<void>(m.forward(X{}));
    return true;
}
template <class M, class X>
concept rehearsed = requires { typename std::bool_constant<rehearse<M, X>()>; };
template <class P>
concept built_while_compiling = requires { typename std::bool_constant<(P::build().size > 0)>; };

}  // namespace detail

namespace program {

// Arguments: a network's leaves or values, then the input. Outputs: the network's result, then in training what state
// becomes.
template <class M, binding B, class Input, mode Mode = mode::inference>
struct call_of {
    using result = detail::forward_result<M, Input>;
    using real = typename result::value_type;
    using operations = join<base_operations, typename result::operations>;
    static constexpr graph build() {
        graph g = new_graph<real>();
        if constexpr (!detail::has_sound_members<M>)  // the mistake was said
            g.output(place_leaf<typename result::shape_type, real>(g, 0).id);
        else {
            M m{};
            int const position = detail::bind_tensors<B>(m, g, Mode);
            auto const y = m.forward(place_leaf<typename Input::shape_type, typename Input::value_type>(g, position));
            g.output(y.id);
            if (Mode == mode::training) {
                auto const u = detail::updates_of(m);
                for (int k = 0; k < u.count; ++k) g.output(u.value[k]);
            }
        }
        return g;
    }
};

}  // namespace program

namespace detail {

// Does a network take this input? Where not, the compiler says what met.
template <class M, class Input>
constexpr bool accepts() {
    using T = typename Input::value_type;
    using X = typename Input::symbol_type;
    using module = module_real<M>;
    if constexpr (!has_sound_members<M> || module::mixed)
        return false;
    else if constexpr (!real<T> && !std::is_same_v<T, std::int32_t>) {
        using wrong [[maybe_unused]] = mistake<sentence(
            "call: the elements of an input must be float, double or std::int32_t, they are ", name_of_element<T>,
            ": convert the input, xt::cast<", name_of_element<typename module::type>, ">(x)")>;
        return false;
    } else if constexpr (real<T> && counts<M>.tensors > 0 && !std::is_same_v<T, typename module::type>) {
        using wrong [[maybe_unused]] =
            mistake<sentence("call: float and double are mixed: the tensors of the network are ",
                             name_of_element<typename module::type>, ", the elements of the input ", name_of_element<T>,
                             ": convert the input, xt::cast<", name_of_element<typename module::type>,
                             ">(x), or give the layers pm::element_type<", name_of_element<T>, ">")>;
        return false;
    } else if constexpr (!forward_is_sound<M, X>) {
        using said [[maybe_unused]] = decltype(forward_of(std::declval<M const&>(), X{}));
        return false;
    } else if constexpr (!is_symbol<forward_result<M, Input>>) {
        using wrong [[maybe_unused]] =
            mistake<sentence("call: forward of ", short_type_name<M>(),
                             " must return one traced tensor, made of its input by pm:: functions; it returns ",
                             short_type_name<forward_result<M, Input>>())>;
        return false;
    } else if constexpr (!rehearsed<M, X> && !built_while_compiling<program::call_of<M, binding::originals, Input>>) {
        using wrong [[maybe_unused]] = mistake<sentence(
            "call: forward of ", short_type_name<M>(),
            " cannot be evaluated while compiling: write `constexpr auto forward(auto x) const`, and constexpr for "
            "every function that it calls; give clamp its lower bound first")>;
        return false;
    } else
        return true;
}

}  // namespace detail

// A list in braces has no type that a layer's call operator could take.
#define PARAMORPH_LIST                                                                                               \
    "call: a list in braces has no shape: write xt::xtensor_fixed<float, xt::xshape<2>> x{1, 2}, or an xt::xtensor " \
    "for a run-time batch, then net(x)"
#define PARAMORPH_TAKES_NO_LIST                                                   \
    template <class N, std::size_t Count, detail::sentence Says = PARAMORPH_LIST> \
    constexpr int operator()(N const(&)[Count]) const = PARAMORPH_REFUSED(PARAMORPH_LIST);

}  // namespace paramorph::inline PARAMORPH_ABI
