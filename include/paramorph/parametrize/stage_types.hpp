// What a stage takes and gives, as types: given tuples of symbols, what its forward, right_inverse and initial_state
// return, and which operations they use.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/stage_checks.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The same value, with the operations that made it forgotten: types of long chains stay short.
template <class X>
constexpr auto without_history(X x) {
    return symbol<typename X::shape_type, typename X::value_type>{x.traced, x.id};
}

// The operations that a result was made with.
template <class X>
struct operations_in_result {
    using type = ops<>;
};
template <class S, class T, class O>
struct operations_in_result<symbol<S, T, O>> {
    using type = O;
};
template <class... X>
struct operations_in_result<std::tuple<X...>> {
    using type = join<typename operations_in_result<X>::type...>;
};
template <class R, class... S>
struct operations_in_result<with_update<R, S...>> {
    using type = join<typename operations_in_result<R>::type, typename operations_in_result<S>::type...>;
};
template <class X>
using operations_in = typename operations_in_result<X>::type;

template <class R>
inline constexpr bool gives_tuple = is_tuple<R>;
template <class R, class... S>
inline constexpr bool gives_tuple<with_update<R, S...>> = is_tuple<R>;

// What a stage takes and gives, as types: X are its inputs, S its state, as tuples of symbols.
template <class Stage, class X, class S>
struct stage_types;
template <class Stage, class... X, class... S>
struct stage_types<Stage, std::tuple<X...>, std::tuple<S...>> {
    static constexpr bool takes_mode = forward_takes_mode<Stage, mode::training, X..., S...>;
    // Asked twice: clang finds in the first call that a body's return types differ, and refuses the second.
    static constexpr bool callable =
        has_forward<Stage, mode::training, X..., S...> && still_has_forward<Stage, mode::training, X..., S...>;
    static constexpr void say_why() { forward_takes_originals<Stage, std::tuple<X...>, std::tuple<S...>>::said(); }
    template <mode M>
    static constexpr bool runs() {
        constexpr mode tried = takes_mode ? M : mode::training;
        return forward_runs<Stage, tried, std::tuple<X...>, std::tuple<S...>>::holds();
    }
    static constexpr bool begins = requires { Stage::initial_state(X{}..., S{}...); };

    static constexpr auto forward_list() {
        if constexpr (takes_mode)
            return join<operations_in<decltype(Stage::template forward<mode::training>(X{}..., S{}...))>,
                        operations_in<decltype(Stage::template forward<mode::inference>(X{}..., S{}...))>>{};
        else if constexpr (callable)
            return operations_in<decltype(Stage::forward(X{}..., S{}...))>{};
        else
            return ops<>{};
    }
    static constexpr auto begin_list() {
        if constexpr (begins)
            return operations_in<decltype(Stage::initial_state(X{}..., S{}...))>{};
        else
            return ops<>{};
    }
    static constexpr auto first_state() { return detail::as_tuple(Stage::initial_state(X{}..., S{}...)); }
    using operations = decltype(forward_list());
    using begin_operations = decltype(begin_list());
    template <mode M>
    using result = decltype(call_forward<Stage, M>(X{}..., S{}...));
};
template <class Stage, class Y, class S>
struct right_inverse_result;
template <class Stage, class Y, class... S>
struct right_inverse_result<Stage, Y, std::tuple<S...>> {
    using type = decltype(call_right_inverse<Stage>(Y{}, S{}...));
};
template <class List, class T>
struct state_symbols;
template <class... State, class T>
struct state_symbols<states<State...>, T> {
    using type = std::tuple<symbol<typename State::shape_type, T>...>;
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
