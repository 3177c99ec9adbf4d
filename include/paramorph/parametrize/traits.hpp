// A chain applied to tensors of one shape: how many originals it has, of which shapes, its state, how well it can be
// undone, and its two directions as tracing functions.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/op/base.hpp"
#include "paramorph/parametrize/chain.hpp"

namespace paramorph {

namespace detail {

template <class X>
constexpr auto without_history(X x) {
    return symbol<typename X::shape_type, typename X::value_type>{x.traced, x.id};
}

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

// Is what a stage's forward gives a tensor of this shape and element type? The names tell which stage it is.
template <class Stage, class Result, class Shape, class T>
struct forward_gives {
    static constexpr bool value = false;
    static_assert(is_symbol<Result>, "parametrization: forward must return one traced tensor");
};
template <class Stage, class S, class U, class O, class Shape, class T>
struct forward_gives<Stage, symbol<S, U, O>, Shape, T> {
    static constexpr bool value = std::is_same_v<U, T> && std::is_same_v<S, Shape>;
    static_assert(std::is_same_v<U, T>, "parametrization: forward must not change the element type");
    static_assert(std::is_same_v<S, Shape>,
                  "parametrization: forward must not change the shape; where it is meant to, write pm::unsafe<stage>");
};
template <class Stage, class Result, class... State, class Shape, class T>
struct forward_gives<Stage, with_update<Result, State...>, Shape, T> : forward_gives<Stage, Result, Shape, T> {};

// Does right_inverse give tensors? `First`: of the first stage, which alone may have several originals, or others than
// the value in shape.
template <class Stage, class Result, class Shape, class T, bool First>
struct right_inverse_gives {
    static constexpr bool value = false;
    static_assert(!std::is_void_v<Result>, "parametrization: right_inverse returns nothing");
    static_assert(std::is_void_v<Result>,
                  "parametrization: right_inverse must return a traced tensor, or several as pm::originals(a, b)");
};
template <class Stage, class S, class U, class O, class Shape, class T, bool First>
struct right_inverse_gives<Stage, symbol<S, U, O>, Shape, T, First> {
    static constexpr bool value = std::is_same_v<U, T> && (First || std::is_same_v<S, Shape>);
    static_assert(std::is_same_v<U, T>, "parametrization: right_inverse must not change the element type");
    static_assert(First || std::is_same_v<S, Shape>,
                  "parametrization: right_inverse of a stage after the first must not change the shape; where it is "
                  "meant to, write pm::unsafe<stage>");
};
template <class Stage, class... X, class Shape, class T, bool First>
struct right_inverse_gives<Stage, std::tuple<X...>, Shape, T, First> {
    static constexpr bool value = First && (right_inverse_gives<Stage, X, Shape, T, true>::value && ...);
    static_assert(First, "parametrization: only the first stage of a chain may have several originals");
};
template <class Stage, class Result, class... State, class Shape, class T, bool First>
struct right_inverse_gives<Stage, with_update<Result, State...>, Shape, T, First>
    : right_inverse_gives<Stage, Result, Shape, T, First> {};

// Does a stage update all of its state, shape by shape?
template <class Stage, class List, class... New>
struct updates_state {
    static constexpr bool value = false;
    static_assert(sizeof...(New) == List::size,
                  "parametrization: pm::updated must give a new tensor for each tensor of the stage's state");
};
template <class Stage, class... State, class... New>
    requires(sizeof...(State) == sizeof...(New))
struct updates_state<Stage, states<State...>, New...> {
    static constexpr bool value = (std::is_same_v<typename State::shape_type, typename New::shape_type> && ...);
    static_assert(value, "parametrization: pm::updated must give each tensor of state in its own shape");
};

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

template <class Shapes, class T>
struct symbols_of_shapes;
template <class... Shape, class T>
struct symbols_of_shapes<shapes<Shape...>, T> {
    using type = std::tuple<symbol<Shape, T>...>;
};

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

// What a stage takes and gives, as types: X are its inputs, S its state, as tuples of symbols.
template <class Stage, class X, class S>
struct stage_types;
template <class Stage, class... X, class... S>
struct stage_types<Stage, std::tuple<X...>, std::tuple<S...>> {
    static constexpr bool takes_mode = forward_takes_mode<Stage, mode::training, X..., S...>;
    static constexpr bool callable = has_forward<Stage, mode::training, X..., S...>;
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

// The originals of a first stage that changes the shape of tensors of this one, or that names them.
template <class Stage, class Shape, class T>
struct named_originals {
    using type = std::tuple<symbol<Shape, T>>;
};
template <class Stage, class Shape, class T>
    requires requires { typename Stage::template original_shapes<Shape>; }
struct named_originals<Stage, Shape, T> {
    using type = typename symbols_of_shapes<typename Stage::template original_shapes<Shape>, T>::type;
};

// The shape that an unsafe stage makes of tensors X, given its state.
template <class Stage, class T, class Originals, class State>
struct shape_made;
template <class Stage, class T, class... X, class... State>
struct shape_made<Stage, T, std::tuple<X...>, states<State...>> {
    static constexpr auto made() {
        auto const y = call_forward<Stage, mode::inference>(X{}..., symbol<typename State::shape_type, T>{}...);
        if constexpr (is_update<decltype(y)>)
            return typename decltype(y.result)::shape_type{};
        else
            return typename decltype(y)::shape_type{};
    }
    using type = decltype(made());
};
// The shapes along a chain in which a stage may change it: of what arrives at each stage, then of the value.
template <class T, class Done, class Now, class... Stages>
struct shapes_along;
template <class T, class... Done, class Now>
struct shapes_along<T, shapes<Done...>, Now> {
    using type = std::tuple<Done..., Now>;
};
template <class T, class... Done, class Now, class Stage, class... Rest>
struct shapes_along<T, shapes<Done...>, Now, Stage, Rest...> : shapes_along<T, shapes<Done..., Now>, Now, Rest...> {};
template <class T, class... Done, class Now, class Stage, class... Rest>
    requires is_unsafe<Stage>
struct shapes_along<T, shapes<Done...>, Now, Stage, Rest...>
    : shapes_along<
          T, shapes<Done..., Now>,
          typename shape_made<Stage, T,
                              std::conditional_t<sizeof...(Done) == 0, typename named_originals<Stage, Now, T>::type,
                                                 std::tuple<symbol<Now, T>>>,
                              state_of<Stage, Now>>::type,
          Rest...> {};

template <bool MayChange, class T, class Shape, class... Stages>
struct arriving_shapes {
    template <int>
    using at = Shape;
};
template <class T, class Shape, class... Stages>
struct arriving_shapes<true, T, Shape, Stages...> {
    template <int I>
    using at = std::tuple_element_t<I, typename shapes_along<T, shapes<>, Shape, Stages...>::type>;
};

}  // namespace detail

template <class Chain, class Shape, real T = float>
struct chain_traits;

template <class... Stages, class Shape, real T>
struct chain_traits<chain<Stages...>, Shape, T> {
    static constexpr int size = sizeof...(Stages);
    template <int I>
    using stage = typename decltype(detail::pick<I>(
        detail::numbered_types<std::make_integer_sequence<int, size>, Stages...>{}))::type;

  private:
    using arriving = detail::arriving_shapes<(detail::is_unsafe<Stages> || ...), T, Shape, Stages...>;
    template <int I>
    using arriving_shape = typename arriving::template at<I>;

  public:
    // State.
    template <int I>
    using stage_state = state_of<stage<I>, arriving_shape<I>>;

  private:
    template <class Positions>
    struct all_states;
    template <int... I>
    struct all_states<std::integer_sequence<int, I...>> {
        using type = typename detail::joined_states<states<>, stage_state<I>...>::type;
    };

  public:
    using state_list = typename all_states<std::make_integer_sequence<int, size>>::type;
    static constexpr int state_count = state_list::size;
    template <int K>
    using state_tensor = std::tuple_element_t<K, typename detail::state_tuple<state_list>::type>;
    // Position among all state of stage I's first.
    template <int I>
    static constexpr int first_state() {
        if constexpr (I == 0)
            return 0;
        else
            return first_state<I - 1>() + stage_state<I - 1>::size;
    }
    // How often the state of stage I begins, and the most of all stages.
    template <int I>
    static constexpr int rounds_of() {
        if constexpr (requires { stage<I>::initial_rounds; })
            return stage<I>::initial_rounds;
        else
            return 1;
    }
    static constexpr int initial_rounds = []<int... I>(std::integer_sequence<int, I...>) {
        return std::max({1, rounds_of<I>()...});
    }(std::make_integer_sequence<int, size>{});
    using places = detail::state_places<state_count>;
    template <int I, class X>
    using types_of = detail::stage_types<stage<I>, X, typename detail::state_symbols<stage_state<I>, T>::type>;
    // What stage I's right_inverse gives of values of this shape.
    template <int I, class S>
    using right_inverse_type =
        typename detail::right_inverse_result<stage<I>, symbol<S, T>,
                                              typename detail::state_symbols<stage_state<I>, T>::type>::type;

    using value_shape = arriving_shape<size>;
    using value_symbol = symbol<value_shape, T>;

    // How well the chain can be undone: as its worst stage. Where a stage takes more than the one before it makes, what
    // it undoes need not be a value of that one: only what the chain has made comes back.
    static constexpr bool takes_no_more = []<int... I>(std::integer_sequence<int, I...>) {
        return (subset<domain_of<stage<I + 1>>, codomain_of<stage<I>>> && ...);
    }(std::make_integer_sequence<int, (size > 0 ? size - 1 : 0)>{});
    static constexpr grade inverse = []<int... I>(std::integer_sequence<int, I...>) {
        return std::min(
            {takes_no_more ? grade::bijective : grade::on_image, stage_grade<stage<I>, arriving_shape<I + 1>, T>()...});
    }(std::make_integer_sequence<int, size>{});

    // Right inverse of stages I, ..., 0: a tuple of originals.
    static constexpr auto invert(value_symbol y, places& s) { return invert_from<size - 1>(y, s); }
    static constexpr auto invert(value_symbol y)
        requires(state_count == 0)
    {
        places none;
        return invert(y, none);
    }

  private:
    // Calls f with the symbols of stage I's state.
    template <int I, class F>
    static constexpr decltype(auto) with_state([[maybe_unused]] graph* g, [[maybe_unused]] places const& s, F f) {
        if constexpr (stage_state<I>::size == 0)
            return f();
        else
            return [&]<class... State, int... K>(states<State...>, std::integer_sequence<int, K...>) -> decltype(auto) {
                return f(symbol<typename State::shape_type, T>{g, s.now[first_state<I>() + K]}...);
            }(stage_state<I>{}, std::make_integer_sequence<int, stage_state<I>::size>{});
    }
    // Notes what the state becomes, and answers with the result alone.
    template <int I, class R>
    static constexpr auto without_update(R r, [[maybe_unused]] places& s) {
        if constexpr (detail::is_update<R>) {
            [&]<class V, class... New>(detail::with_update<V, New...> const& u) {
                if constexpr (detail::updates_state<stage<I>, stage_state<I>, New...>::value)
                    std::apply([&](auto... n) { set<I>(s.next, n...); }, u.state);
            }(r);
            return r.result;
        } else
            return r;
    }
    template <int I>
    static constexpr void set(int* to, auto... x) {
        int k = first_state<I>();
        ((to[k++] = x.id), ...);
    }

    template <int I>
    static constexpr auto invert_stage(auto y, places& s) {
        using result = right_inverse_type<I, typename decltype(y)::shape_type>;
        if constexpr (detail::right_inverse_gives < stage<I>, result, arriving_shape<I>, T, I == 0 > ::value) {
            auto const x = detail::as_tuple(without_update<I>(
                with_state<I>(y.traced, s,
                              [&](auto... state) { return detail::call_right_inverse<stage<I>>(y, state...); }),
                s));
            return std::apply([](auto... o) { return std::tuple{detail::without_history(o)...}; }, x);
        } else
            return std::tuple<symbol<arriving_shape<I>, T>>{};
    }
    template <int I, class X>
    static constexpr auto invert_from(X y, places& s) {
        if constexpr (I < 0)
            return std::tuple<X>{y};
        else if constexpr (I == 0)
            return invert_stage<0>(y, s);
        else
            return invert_from<I - 1>(std::get<0>(invert_stage<I>(y, s)), s);
    }

    // What the state begins as, where `s.now` is noise.
    template <int I, class... X>
    static constexpr void begin(places& s, X... x) {
        graph* const g = std::get<0>(std::tuple{x...}).traced;
        with_state<I>(g, s, [&](auto... noise) {
            if constexpr (types_of<I, std::tuple<X...>>::begins)
                std::apply([&](auto... n) { set<I>(s.now, n...); },
                           detail::as_tuple(stage<I>::initial_state(x..., noise...)));
            else {
                int const zero = place_number(*g, 0);
                int k = first_state<I>();
                ((s.now[k++] = g->template push_with<op::broadcast_to>(
                      op::attributes_of(decltype(noise)::shape_type::value), zero)),
                 ...);
            }
        });
    }

    // Forward through stages I, ...
    template <mode M, bool Begin, int I, class... X>
    static constexpr value_symbol apply_from([[maybe_unused]] places& s, X... x) {
        if constexpr (I == size)
            return detail::without_history(x...);
        else {
            graph* const g = std::get<0>(std::tuple{x...}).traced;
            using types = types_of<I, std::tuple<X...>>;
            constexpr bool takes = types::callable;
            static_assert(takes,
                          "parametrization: forward does not take the originals that right_inverse gives; write one "
                          "parameter for each original, then one for each tensor of state");
            if constexpr (takes) {
                if constexpr (Begin && stage_state<I>::size > 0) begin<I>(s, x...);
                auto const call = [&](auto... state) { return detail::call_forward<stage<I>, M>(x..., state...); };
                using result = typename types::template result<M>;
                if constexpr (detail::forward_gives<stage<I>, result, arriving_shape<I + 1>, T>::value)
                    return apply_from<M, Begin, I + 1>(
                        s, detail::without_history(without_update<I>(with_state<I>(g, s, call), s)));
                else
                    return {g, 0};
            } else
                return {g, 0};
        }
    }

    static constexpr auto original_symbols() {
        if constexpr (size == 0)
            return std::tuple<value_symbol>{};
        else if constexpr (requires { typename stage<0>::template original_shapes<Shape>; } ||
                           detail::is_unsafe<stage<0>>)
            return typename detail::named_originals<stage<0>, Shape, T>::type{};
        else if constexpr (has_right_inverse<stage<0>, Shape, T>)
            return decltype(invert_stage<0>(std::declval<symbol<Shape, T>>(), std::declval<places&>())){};
        else
            return std::tuple<symbol<Shape, T>>{};
    }

  public:
    using originals = decltype(original_symbols());
    static constexpr int original_count = std::tuple_size_v<originals>;
    // Are they called original0, original1, ... (as right_inverse gives a tuple of them), or just original?
    static constexpr bool numbered_originals = [] {
        if constexpr (size == 0)
            return false;
        else if constexpr (has_right_inverse<stage<0>, arriving_shape<1>, T>)
            return detail::gives_tuple<right_inverse_type<0, arriving_shape<1>>>;
        else
            return original_count > 1;
    }();
    template <int K>
    using original_shape = typename std::tuple_element_t<K, originals>::shape_type;

    // From originals to the value; `s` holds the state, and notes what it becomes.
    template <mode M, class... X>
    static constexpr value_symbol forward(places& s, X... x) {
        return apply_from<M, false, 0>(s, detail::without_history(x)...);
    }
    template <class... X>
    static constexpr value_symbol forward(X... x)
        requires(state_count == 0)
    {
        places none;
        return forward<mode::inference>(none, x...);
    }
    // The same, where `s` is noise at first and what the state begins as in the end.
    template <class... X>
    static constexpr value_symbol begin_state(places& s, X... x) {
        return apply_from<mode::inference, true, 0>(s, detail::without_history(x)...);
    }

  private:
    template <int I>
    static constexpr auto inputs_of_stage() {
        if constexpr (I == 0)
            return originals{};
        else
            return std::tuple<symbol<arriving_shape<I>, T>>{};
    }
    template <int I>
    static constexpr bool forward_fits() {
        using types = types_of<I, decltype(inputs_of_stage<I>())>;
        static_assert(types::callable,
                      "parametrization: forward does not take the originals that right_inverse gives; write one "
                      "parameter for each original, then one for each tensor of state");
        if constexpr (types::callable)
            return detail::forward_gives<stage<I>, typename types::template result<mode::training>,
                                         arriving_shape<I + 1>, T>::value;
        else
            return false;
    }
    template <int... I>
    static constexpr bool all_fit(std::integer_sequence<int, I...>) {
        return (forward_fits<I>() && ...);
    }

  public:
    // Does every stage give what the next one takes? Where not, the compiler says which.
    static constexpr bool fits() { return all_fit(std::make_integer_sequence<int, size>{}); }
    // All operations of either direction.
    static constexpr auto forward_operation_list() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            return join<base_operations, typename types_of<I, decltype(inputs_of_stage<I>())>::operations...>{};
        }(std::make_integer_sequence<int, size>{});
    }
    static constexpr auto inverse_operation_list() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            return join<base_operations, detail::operations_in<right_inverse_type<I, arriving_shape<I + 1>>>...>{};
        }(std::make_integer_sequence<int, size>{});
    }
    static constexpr auto begin_operation_list() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            return join<decltype(forward_operation_list()),
                        typename types_of<I, decltype(inputs_of_stage<I>())>::begin_operations...>{};
        }(std::make_integer_sequence<int, size>{});
    }
    using forward_operations = decltype(forward_operation_list());

    // Does training compute anything else than inference?
    static constexpr bool depends_on_mode = []<int... I>(std::integer_sequence<int, I...>) {
        return (types_of<I, decltype(inputs_of_stage<I>())>::takes_mode || ...) || state_count > 0;
    }(std::make_integer_sequence<int, size>{});
};

// Can a tensor of this shape under P be assigned? P is a stage or a chain.
template <class P, class Shape, class T = float>
concept right_invertible = (chain_traits<chain_of<P>, Shape, T>::inverse != grade::none);

// The grade of P's inverse.
template <class P, class Shape, class T = float>
inline constexpr grade inverse_grade = chain_traits<chain_of<P>, Shape, T>::inverse;

// A type that can be used as parametrization of tensors of this shape.
template <class P, class Shape, class T = float>
concept parametrization = requires { typename chain_traits<chain_of<P>, Shape, T>::forward_operations; };

}  // namespace paramorph
