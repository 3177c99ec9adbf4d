// Chains: `chain<skew, cayley>` applies skew, then cayley; as values, `skew{} | cayley{}`. A chain is itself a
// parametrization. Chains of chains are flat. A chain whose sets do not meet does not compile.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/op/add.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/parametrize/stage.hpp"

namespace paramorph {

namespace detail {

template <class... Stages>
struct flat_chain;

// Names the two stages and the two sets in the compiler's message.
template <class Stage, class Makes, class Next, class Takes>
struct stages_meet {
    static constexpr bool named = true;  // one mistake, one error: what follows goes on as if they met
    static_assert(subset<Makes, Takes>,
                  "chain: a stage does not accept what the stage before it makes; the names above are the stage, the "
                  "set it makes "
                  "(its codomain), the next stage and the set that takes (its domain). Put a stage between them or "
                  "declare the sets");
};

template <class... Stages>
struct adjacent {
    static constexpr bool meet = true;
};
template <class A, class B, class... Rest>
struct adjacent<A, B, Rest...> {
    static constexpr bool meet = stages_meet<A, codomain_of<A>, B, domain_of<B>>::named && adjacent<B, Rest...>::meet;
};

template <class... Stages>
struct last_codomain {
    using type = set::real;
};
template <class S>
struct last_codomain<S> {
    using type = codomain_of<S>;
};
template <class S, class Next, class... Rest>
struct last_codomain<S, Next, Rest...> : last_codomain<Next, Rest...> {};

}  // namespace detail

template <class... Stages>
struct chain {
    static_assert(detail::adjacent<Stages...>::meet);
    static constexpr int size = sizeof...(Stages);
    using codomain = typename detail::last_codomain<Stages...>::type;
};

namespace detail {

template <class... Flat, class... Rest>
struct flat_chain<chain<Flat...>, Rest...> {
    using type = chain<Flat...>;
};
template <class... Flat, class S, class... Rest>
struct flat_chain<chain<Flat...>, S, Rest...> : flat_chain<chain<Flat..., S>, Rest...> {};
template <class... Flat, class... Inner, class... Rest>
struct flat_chain<chain<Flat...>, chain<Inner...>, Rest...> : flat_chain<chain<Flat..., Inner...>, Rest...> {};
template <class... Flat>
struct flat_chain<chain<Flat...>> {
    using type = chain<Flat...>;
};

}  // namespace detail

// The chain of these stages and chains, flat.
template <class... Stages>
using chain_of = typename detail::flat_chain<chain<>, Stages...>::type;

// Composes stages and chains; found for the library's own types, for others write `pm::chain<A, B>`.
template <class A, class B>
    requires(std::is_empty_v<A> && std::is_empty_v<B> && !traced<A> && !traced<B>)
constexpr chain_of<A, B> operator|(A, B) {
    return {};
}
namespace param {
using paramorph::operator|;  // where argument-dependent lookup finds it for the ready-made parametrizations
}

// What every derivative may push.
using base_operations = ops<op::add, op::reduce_to, op::broadcast_to>;

// An empty graph for element type T.
template <real T>
constexpr graph new_graph() {
    graph g{};
    g.real = element_of<T>;
    g.sum = &describe<op::add>;
    g.reduce = &describe<op::reduce_to>;
    return g;
}

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
template <class X>
using operations_in = typename operations_in_result<X>::type;

// The operations of a stage's forward, given its originals.
template <class Stage, class Originals>
struct forward_call;
template <class Stage, class... X>
struct forward_call<Stage, std::tuple<X...>> {
    using type = operations_in<decltype(Stage::forward(X{}...))>;
};
template <class Stage, class Originals>
using forward_operations_of = typename forward_call<Stage, Originals>::type;

// Is what a stage's forward gives a tensor of this shape and element type?
template <class Stage, class Result, class Shape, class T>
struct forward_gives {
    static constexpr bool value = false;
    static_assert(is_symbol<Result>, "parametrization: forward must return one traced tensor");
};
template <class Stage, class S, class U, class O, class Shape, class T>
struct forward_gives<Stage, symbol<S, U, O>, Shape, T> {
    static constexpr bool value = std::is_same_v<U, T> && std::is_same_v<S, Shape>;
    static_assert(std::is_same_v<U, T>, "parametrization: forward must not change the element type");
    static_assert(std::is_same_v<S, Shape>, "parametrization: forward must not change the shape");
};

}  // namespace detail

// A chain applied to tensors of one shape: how many originals it has, of which shapes, and its two directions as
// tracing functions.
template <class Chain, class Shape, real T = float>
struct chain_traits;

template <class... Stages, class Shape, real T>
struct chain_traits<chain<Stages...>, Shape, T> {
    using value_symbol = symbol<Shape, T>;
    static constexpr int size = sizeof...(Stages);
    template <int I>
    using stage = std::tuple_element_t<I, std::tuple<Stages...>>;

    // How well the chain can be undone.
    static constexpr grade inverse = std::min({grade::bijective, stage_grade<Stages, Shape, T>()...});

    // Right inverse of stages I, ..., 0: a tuple of originals.
    template <int I, class X>
    static constexpr auto invert_from(X y) {
        if constexpr (I < 0)
            return std::tuple<X>{y};
        else {
            static_assert(!std::is_void_v<decltype(stage<I>::right_inverse(y))>,
                          "parametrization: right_inverse returns nothing");
            auto x = detail::as_tuple(stage<I>::right_inverse(y));
            if constexpr (I == 0)
                return std::apply([](auto... o) { return std::tuple{detail::without_history(o)...}; }, x);
            else {
                static_assert(std::tuple_size_v<decltype(x)> == 1,
                              "parametrization: only the first stage of a chain may have several originals");
                return invert_from<I - 1>(detail::without_history(std::get<0>(x)));
            }
        }
    }
    static constexpr auto invert(value_symbol y) { return invert_from<size - 1>(y); }

    static constexpr auto original_symbols() {
        if constexpr (inverse != grade::none)
            return decltype(invert(value_symbol{})){};
        else if constexpr (size == 0)
            return std::tuple<value_symbol>{};
        else if constexpr (requires { typename stage<0>::template original_shapes<Shape>; })
            return typename stage<0>::template original_shapes<Shape>::template symbols<T>{};
        else
            return std::tuple<value_symbol>{};
    }
    using originals = decltype(original_symbols());
    static constexpr int original_count = std::tuple_size_v<originals>;
    template <int K>
    using original_shape = typename std::tuple_element_t<K, originals>::shape_type;

    // Forward through stages I, ...: from a tuple of originals, or one value, to the value.
    template <int I, class X>
    static constexpr auto apply_from(X x) {
        if constexpr (I == size)
            return detail::without_history(x);
        else {
            using result = decltype(stage<I>::forward(detail::without_history(x)));
            if constexpr (detail::forward_gives<stage<I>, result, Shape, T>::value)
                return apply_from<I + 1>(detail::without_history(stage<I>::forward(detail::without_history(x))));
            else
                return value_symbol{x.traced, x.id};
        }
    }
    template <class... X>
    static constexpr value_symbol forward(X... x) {
        if constexpr (size == 0 || sizeof...(X) == 1)
            return apply_from<0>(x...);
        else {
            using result = decltype(stage<0>::forward(detail::without_history(x)...));
            if constexpr (detail::forward_gives<stage<0>, result, Shape, T>::value)
                return apply_from<1>(detail::without_history(stage<0>::forward(detail::without_history(x)...)));
            else
                return value_symbol{std::get<0>(std::tuple{x...}).traced, 0};
        }
    }

    // All operations of either direction.
    static constexpr auto forward_operation_list() {
        if constexpr (size == 0)
            return base_operations{};
        else
            return []<class First, class... Rest>(chain<First, Rest...>) {
                return join<base_operations, detail::forward_operations_of<First, originals>,
                            detail::forward_operations_of<Rest, std::tuple<value_symbol>>...>{};
            }(chain<Stages...>{});
    }
    static constexpr auto inverse_operation_list() {
        return join<base_operations, detail::operations_in<decltype(Stages::right_inverse(value_symbol{}))>...>{};
    }
    using forward_operations = decltype(forward_operation_list());
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
