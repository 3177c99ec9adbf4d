// The stages of a chain applied to tensors of one shape, as types: what arrives at each, the state of all of them, and
// how well the chain can be undone.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <tuple>
#include <utility>

#include "paramorph/parametrize/arriving_shapes.hpp"
#include "paramorph/parametrize/chain.hpp"
#include "paramorph/parametrize/stage_grade.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The type at a position, found by overload resolution: no list is walked for each position of a long chain.
template <int I, class T>
struct numbered_type {
    using type = T;
};
template <class Positions, class... T>
struct numbered_types;
template <int... I, class... T>
struct numbered_types<std::integer_sequence<int, I...>, T...> : numbered_type<I, T>... {};
template <int I, class T>
numbered_type<I, T> pick(numbered_type<I, T> const&);

// Appends lists of state.
template <class... Lists>
struct joined_states {
    using type = states<>;
};
template <class... A>
struct joined_states<states<A...>> {
    using type = states<A...>;
};
template <class... A, class... B, class... Rest>
struct joined_states<states<A...>, states<B...>, Rest...> : joined_states<states<A..., B...>, Rest...> {};

template <class List>
struct state_tuple;
template <class... State>
struct state_tuple<states<State...>> {
    using type = std::tuple<State...>;
};

// Places in a graph of a chain's state, and of what it becomes (-1: it stays).
template <int Count>
struct state_places {
    int now[Count > 0 ? Count : 1]{}, next[Count > 0 ? Count : 1]{};
    constexpr state_places() {
        for (int& k : next) k = -1;
    }
    constexpr int after(int k) const { return next[k] < 0 ? now[k] : next[k]; }
};

template <class Chain, class Shape, class T>
struct chain_stages;

template <class... Stages, class Shape, class T>
struct chain_stages<chain<Stages...>, Shape, T> {
    static constexpr int size = sizeof...(Stages);
    using positions = std::make_integer_sequence<int, size>;
    template <int I>
    using stage = typename decltype(pick<I>(numbered_types<positions, Stages...>{}))::type;

    // The shape of what arrives at stage I.
    using arriving = arriving_shapes<(is_unsafe<Stages> || ...), T, Shape, Stages...>;
    template <int I>
    using arriving_shape = typename arriving::template at<I>;
    using value_shape = arriving_shape<size>;
    using value_symbol = symbol<value_shape, T>;

    // State: of each stage, and of all.
    template <int I>
    using stage_state = state_of<stage<I>, arriving_shape<I>>;
    template <class Positions>
    struct all_states;
    template <int... I>
    struct all_states<std::integer_sequence<int, I...>> {
        using type = typename joined_states<states<>, stage_state<I>...>::type;
    };
    using state_list = typename all_states<positions>::type;
    static constexpr int state_count = state_list::size;
    template <int K>
    using state_tensor = std::tuple_element_t<K, typename state_tuple<state_list>::type>;
    // Position among all state of stage I's first.
    template <int I>
    static constexpr int first_state() {
        if constexpr (I == 0)
            return 0;
        else
            return first_state<I - 1>() + stage_state<I - 1>::size;
    }
    // How often the state of stage I begins, and the most of all stages; how often a tensor of it, which can say so
    // itself, as those of a product's parts do.
    template <int I, class State = stage<I>>
    static constexpr int rounds_of() {
        if constexpr (requires { State::initial_rounds; })
            return State::initial_rounds;
        else if constexpr (requires { stage<I>::initial_rounds; })
            return stage<I>::initial_rounds;
        else
            return 1;
    }
    // Does the state of stage I, or a tensor of it, begin anew at every assignment, and that of any stage?
    template <int I, class State = stage<I>>
    static constexpr bool begins_anew() {
        if constexpr (requires { State::begins_anew; })
            return State::begins_anew;
        else if constexpr (requires { stage<I>::begins_anew; })
            return stage<I>::begins_anew;
        else
            return false;
    }
    static constexpr bool any_begins_anew = []<int... I>(std::integer_sequence<int, I...>) {
        return (begins_anew<I>() || ...);
    }(positions{});
    static constexpr int initial_rounds = []<int... I>(std::integer_sequence<int, I...>) {
        return std::max({1, rounds_of<I>()...});
    }(positions{});
    using places = state_places<state_count>;
    // What stage I takes and gives, where X are its inputs.
    template <int I, class X>
    using types_of = stage_types<stage<I>, X, typename state_symbols<stage_state<I>, T>::type>;
    // What stage I's right_inverse gives of values of this shape.
    template <int I, class S>
    using right_inverse_type =
        typename right_inverse_result<stage<I>, symbol<S, T>, typename state_symbols<stage_state<I>, T>::type>::type;

    // How well the chain can be undone: as its worst stage. Where a stage takes more than the one before it makes, what
    // it undoes need not be a value of that one: only what the chain has made comes back.
    static constexpr bool takes_no_more = []<int... I>(std::integer_sequence<int, I...>) {
        return (subset<domain_of<stage<I + 1>>, codomain_of<stage<I>>> && ...);
    }(std::make_integer_sequence<int, (size > 0 ? size - 1 : 0)>{});
    static constexpr grade inverse = []<int... I>(std::integer_sequence<int, I...>) {
        return std::min(
            {takes_no_more ? grade::bijective : grade::on_image, stage_grade<stage<I>, arriving_shape<I + 1>, T>()...});
    }(positions{});
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
