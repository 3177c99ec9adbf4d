// Whether a network, or a function, takes some inputs; where it does not, the compiler says what met.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/tracing.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Can a function, or forward, be called? Asked twice, as for forward.
template <class F, class M, class... X>
constexpr bool is_sound() {
    if constexpr (std::is_same_v<F, forward_of_network>)
        return forward_is_sound<M, X...> || (forward_takes_module_mode<mode::training, M, X...> &&
                                             forward_takes_module_mode<mode::inference, M, X...>);
    else if constexpr (std::is_same_v<M, no_members>)
        return requires(X... x) { F{}(x...); } && requires(X&&... x) { F{}(x...); };
    else
        return requires(M const& m, X... x) { F{}(m, x...); } && requires(M const& m, X&&... x) { F{}(m, x...); };
}

// "auto a, auto b"
template <int N>
constexpr sentence auto_parameters() {
    sentence all;
    for (int k = 0; k < N && k < 6; ++k) {
        char const name[]{static_cast<char>('a' + k), '\0'};
        all.append(k == 0 ? "auto " : ", auto ", name);
    }
    if (N > 6) all.append(", ...");
    return all;
}

// How many tensors does a function take, where that is told by its parameters alone? -1: not between 1 and 4, or they
// are not generic.
template <class F, class M, int N = (std::is_same_v<M, no_members> ? 1 : 0)>
constexpr int parameters_of() {
    if constexpr (N > 4)
        return -1;
    else {
        constexpr bool takes = []<std::size_t... I>(std::index_sequence<I...>) {
            if constexpr (std::is_same_v<M, no_members>)
                return call_takes<F, std::conditional_t<(I >= 0), symbol<shape<>, float>, void>...>();
            else
                return call_takes<F, M, std::conditional_t<(I >= 0), symbol<shape<>, float>, void>...>();
        }(std::make_index_sequence<std::size_t(N)>{});
        if constexpr (takes)
            return N;
        else
            return parameters_of<F, M, N + 1>();
    }
}

// Says that a function does not take a number of inputs.
template <class F, class M, sentence Who, int N>
constexpr void refuse_number_of_inputs() {
    constexpr bool alone = std::is_same_v<M, no_members>;
    constexpr int takes = parameters_of<F, M>();
    if constexpr (takes >= 0 && takes != N) {
        using wrong = mistake<sentence(Who.view(), ": the function takes ", counted(takes, " input").view(), ", and ",
                                       N, N == 1 ? " is given" : " are given", alone ? "" : " beside the network")>;
        using said [[maybe_unused]] = wrong::type;
    } else {
        using wrong = mistake<sentence(Who.view(), ": the function does not take ", alone ? "" : "the network and ",
                                       counted(N, " traced tensor").view(), ": its parameters must be auto, write [](",
                                       alone ? "" : "auto& net", alone || N == 0 ? "" : ", ",
                                       auto_parameters<N>().view(), ") { ... }")>;
        using said [[maybe_unused]] = wrong::type;
    }
}

// The element type that inputs must have: that of the network's tensors, or, where it has none, of the first that are
// real.
template <class M, class... Input>
struct real_of_inputs {
    using type = module_value_type<M>;
};
template <class M, class Input, class... Rest>
    requires(counts<M>.tensors == 0)
struct real_of_inputs<M, Input, Rest...>
    : std::conditional_t<real<typename Input::value_type>, std::type_identity<typename Input::value_type>,
                         real_of_inputs<M, Rest...>> {};

// Are the network's members sound, and the inputs of element types that it takes?
template <class F, class M, class... Input>
constexpr bool takes_elements() {
    using module = module_real<M>;
    using T = typename real_of_inputs<M, Input...>::type;
    constexpr sentence who(std::is_same_v<F, forward_of_network> ? "call" : "function");
    if constexpr (!members_are_sound<M>() || module::mixed)
        return false;
    else if constexpr (!((real<typename Input::value_type> ||
                          std::is_same_v<typename Input::value_type, std::int32_t>) &&
                         ...)) {
        using wrong =
            mistake<sentence(who.view(), ": the elements of an input must be float, double or std::int32_t, they are ",
                             listed(name_of_element<typename Input::value_type>...).view(),
                             ": convert the input, xt::cast<", name_of_element<T>, ">(x)")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!((!real<typename Input::value_type> || std::is_same_v<typename Input::value_type, T>) &&
                           ...)) {
        if constexpr (counts<M>.tensors > 0) {
            using wrong = mistake<sentence(who.view(), ": float and double are mixed: the tensors of the network are ",
                                           name_of_element<T>, ", the elements of the input ",
                                           listed(name_of_element<typename Input::value_type>...).view(),
                                           ": convert the input, xt::cast<", name_of_element<T>,
                                           ">(x), or give the layers pm::element_type<...>")>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            using wrong = mistake<sentence(
                who.view(), ": float and double are mixed: the inputs are ",
                listed(sentence(name_of_element<typename Input::value_type>, " ", Input::shape_type::value).view()...)
                    .view(),
                ": convert one of them, xt::cast<", name_of_element<T>, ">(x)")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return false;
    } else
        return true;
}

// Do they take these inputs?
template <class F, class M, class... Input>
constexpr bool accepts() {
    constexpr bool is_call = std::is_same_v<F, forward_of_network>;
    constexpr sentence who(is_call ? "call" : "function");
    if constexpr (!takes_elements<F, M, Input...>())
        return false;
    else if constexpr (!is_sound<F, M, typename Input::symbol_type...>()) {
        if constexpr (is_call)
            using said [[maybe_unused]] =
                decltype(forward_of(std::declval<M const&>(), typename Input::symbol_type{}...));
        else if constexpr (std::is_same_v<M, no_members>) {
            if constexpr (!call_takes<F, typename Input::symbol_type...>())
                refuse_number_of_inputs<F, M, who, sizeof...(Input)>();
        } else if constexpr (!call_takes<F, M, typename Input::symbol_type...>())
            refuse_number_of_inputs<F, M, who, sizeof...(Input)>();
        return false;
    } else if constexpr (!results<function_result<F, M, Input...>>::traced) {
        using R = function_result<F, M, Input...>;
        if constexpr (is_call && untraced_array<R>) {
            using wrong =
                mistake<sentence("call: forward of ", short_type_name<M>(),
                                 " must return a traced tensor, and returns an array, ", named_array<R>().view(),
                                 ": where it computes with a tensor's value, a.weight(), write the tensor itself, "
                                 "a.weight; another array is "
                                 "given to the network as an input")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (is_call) {
            using wrong = mistake<sentence(
                "call: forward of ", short_type_name<M>(),
                " must return one traced tensor, or a std::tuple of several, made of its inputs by pm:: functions; it "
                "returns ",
                short_type_name<R>())>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            using wrong = mistake<sentence(
                "function: the function must return one traced tensor, or a std::tuple of several, made of its inputs "
                "by pm:: functions; it returns ",
                short_type_name<R>())>;
            using said [[maybe_unused]] = wrong::type;
        }
        return false;
    } else if constexpr (is_listed<op::mistaken, typename results<function_result<F, M, Input...>>::operations>)
        return false;
    else if constexpr (!results<function_result<F, M, Input...>>::one_type) {
        using wrong = mistake<sentence(
            who.view(), ": the results must be of one element type, float or double; labels are inputs only")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!rehearsed<F, M, typename Input::symbol_type...> &&
                         !built_while_compiling<
                             program::function_of<F, M, binding::originals, mode::inference, Input...>>) {
        using program = program::function_of<F, M, binding::originals, mode::inference, Input...>;
        if constexpr (exchanges_bounds<program>) {
            refuse_bounds<program>();
        } else if constexpr (is_call) {
            using wrong = mistake<sentence(
                "call: forward of ", short_type_name<M>(),
                " cannot be evaluated while compiling: write `constexpr auto forward(auto x) const`, and constexpr for "
                "every function that it calls")>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            using wrong = mistake<sentence(
                who.view(),
                ": the function cannot be evaluated while compiling: write constexpr for every function that "
                "it calls, and for those of the network's members")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return false;
    } else
        return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
