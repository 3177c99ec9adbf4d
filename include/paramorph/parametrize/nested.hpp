// nested<P, chain<...>, chain<...>>: P, whose originals are parametrized themselves; one chain for each original, an
// empty one for an original that is not. `forward(x, y)` is `P::forward(first(x), second(y))`, right_inverse undoes P,
// then the chains. The chains hold no state. `parametrize<Layer, pm::at<"weight.original1", stage>>` writes it. A chain
// under an original of P makes elements of P's domain: `nested<cayley, chain<skew>>` is orthogonal.
//
// Errors: a chain under an original that has state, several originals, or another shape behind it is the compiler's.
// Cost: that of P and of the chains, in one program.
// Source: torch.nn.utils.parametrize, where the list of parametrizations of a tensor is a module whose originals can be
// parametrized.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/traits.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A chain's traits for a symbol.
template <class Chain, class X>
using traits_for = chain_traits<Chain, typename X::shape_type, typename X::value_type>;

template <class Chain, class X>
struct can_be_nested {
    static constexpr bool holds() {
        using traits = traits_for<Chain, X>;
        constexpr bool keeps_shape = std::is_same_v<typename traits::value_shape, typename X::shape_type>;
        if constexpr (traits::state_count != 0) {
            using wrong =
                mistake<sentence("nested: a chain under an original must not have state; that of ",
                                 short_type_name<Chain>(), " has ", counted(traits::state_count, " tensor").view())>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (traits::original_count != 1) {
            using wrong = mistake<sentence("nested: a chain under an original must have one original; ",
                                           short_type_name<Chain>(), " has ", traits::original_count)>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!keeps_shape) {
            using wrong = mistake<sentence("nested: a chain under an original must not change its shape; ",
                                           short_type_name<Chain>(), " makes ", traits::value_shape::value, " of ",
                                           X::shape_type::value)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return traits::state_count == 0 && traits::original_count == 1 && keeps_shape;
    }
};

template <class Chain, class X>
constexpr auto through(X x) {
    if constexpr (can_be_nested<Chain, X>::holds()) {
        auto const y = traits_for<Chain, X>::forward(x);
        using operations = join<typename X::operations, typename traits_for<Chain, X>::forward_operations>;
        return symbol<typename X::shape_type, typename X::value_type, operations>{y.traced, y.id};
    } else
        return x;
}
template <class Chain, class X>
constexpr auto back_through(X x) {
    auto const y = std::get<0>(traits_for<Chain, X>::invert(without_history(x)));
    using operations = join<typename X::operations, decltype(traits_for<Chain, X>::inverse_operation_list())>;
    return symbol<typename decltype(y)::shape_type, typename X::value_type, operations>{y.traced, y.id};
}

// Has every stage of a chain a right_inverse for an original of P's? And all chains for what P's right_inverse gives?
template <class Chain, class X>
inline constexpr bool leads_back = true;
template <class First, class... Rest, class X>
inline constexpr bool leads_back<chain<First, Rest...>, X> =
    has_right_inverse<First, typename X::shape_type, typename X::value_type> && leads_back<chain<Rest...>, X>;
template <class Result, class... Chains>
inline constexpr bool all_lead_back = (leads_back<Chains, Result> && ...);
template <class... X, class... Chains>
    requires(sizeof...(X) == sizeof...(Chains))
inline constexpr bool all_lead_back<std::tuple<X...>, Chains...> = (leads_back<Chains, X> && ...);
template <class Result, class... State, class... Chains>
inline constexpr bool all_lead_back<with_update<Result, State...>, Chains...> = all_lead_back<Result, Chains...>;

// The grades that stages declare, where they have a right_inverse.
template <class Stage>
constexpr grade declared_grade() {
    if constexpr (requires { Stage::inverse; })
        return Stage::inverse;
    else
        return grade::on_image;
}
template <class... Stages>
constexpr grade declared_grade(chain<Stages...>) {
    return std::min({grade::bijective, declared_grade<Stages>()...});
}

// The shapes of several originals that P's right_inverse gives of a value.
template <class Result>
struct shapes_given {};
template <class X, class... More>
struct shapes_given<std::tuple<X, More...>> {
    using type = shapes<typename X::shape_type, typename More::shape_type...>;
};
template <class Result, class... State>
struct shapes_given<with_update<Result, State...>> : shapes_given<Result> {};
template <class P, class Shape>
struct shapes_by_right_inverse {};
template <class P, class Shape>
    requires(has_right_inverse<P, Shape> && !is_unsafe<P>)
struct shapes_by_right_inverse<P, Shape>
    : shapes_given<typename right_inverse_result<P, symbol<Shape, float>,
                                                 typename state_symbols<state_of<P, Shape>, float>::type>::type> {};

// The shapes of P's originals, where it names them; or where it gives several, for which a chain may have no way back.
template <template <class> class>
struct a_template;
template <class P>
struct named_shapes_of {
    template <class Shape>
    using original_shapes = typename shapes_by_right_inverse<P, Shape>::type;
};
template <class P>
    requires requires { typename a_template<P::template original_shapes>; }
struct named_shapes_of<P> {
    template <class Shape>
    using original_shapes = typename P::template original_shapes<Shape>;
};

}  // namespace detail

namespace detail {

// What P takes as an original that has a chain of its own, or none.
template <class P, class Chain>
struct taken_below {
    using type = domain_of<P>;
};
template <class P, class First, class... Rest>
struct taken_below<P, chain<First, Rest...>> {
    static_assert(stages_meet<chain<First, Rest...>, typename chain<First, Rest...>::codomain, P, domain_of<P>>::named);
    using type = typename first_stage<chain<First, Rest...>>::domain;
};
// The first of some sets that is not all tensors.
template <class... Sets>
struct narrowest {
    using type = set::real;
};
template <class S, class... Rest>
struct narrowest<S, Rest...> : std::conditional_t<subset<set::real, S>, narrowest<Rest...>, std::type_identity<S>> {};

}  // namespace detail

template <class P, class... Chains>
struct nested;
template <class P, class... Chains, class Shape>
inline constexpr bool detail::names_its_shapes<nested<P, Chains...>, Shape> =
    requires { names_shapes<P::template original_shapes>{}; };

template <class P, class... Chains>
struct nested : detail::named_shapes_of<P> {
    using domain = typename detail::narrowest<typename detail::taken_below<P, Chains>::type...>::type;
    using codomain = codomain_of<P>;
    static constexpr bool projects = takes_any<P>;
    template <class Shape>
    using state = state_of<P, Shape>;
    static constexpr auto inverse =
        std::min({(subset<domain_of<P>, typename Chains::codomain> && ...) ? grade::bijective : grade::on_image,
                  detail::declared_grade<P>(), detail::declared_grade(Chains{})...});

  private:
    template <class Y, class... S>
    static constexpr bool way_back() {
        using result = decltype(detail::call_right_inverse<P>(std::declval<Y>(), std::declval<S>()...));
        return detail::all_lead_back<std::remove_const_t<result>, Chains...>;
    }

  public:
    template <mode M, class... X>
        requires(sizeof...(X) >= sizeof...(Chains))
    static constexpr auto forward(X... x) {
        return through_chains([](auto... y) { return detail::call_forward<P, M>(y...); }, x...);
    }

    template <class Y, class... S>
        requires(detail::has_right_inverse_for<P, Y, S...> && way_back<Y, S...>())
    static constexpr auto right_inverse(Y y, S... s) {
        auto const whole = detail::call_right_inverse<P>(y, s...);
        if constexpr (detail::is_update<std::remove_const_t<decltype(whole)>>)
            return std::apply([&](auto... n) { return updated(originals_of(whole.result), n...); }, whole.state);
        else
            return originals_of(whole);
    }

    // P's state begins as without the chains.
    template <class... X>
        requires(sizeof...(X) >= sizeof...(Chains) && requires(X... x) { P::initial_state(x...); })
    static constexpr auto initial_state(X... x) {
        return through_chains([](auto... y) { return P::initial_state(y...); }, x...);
    }
    static constexpr int initial_rounds = [] {
        if constexpr (requires { P::initial_rounds; })
            return P::initial_rounds;
        else
            return 1;
    }();
    static constexpr bool begins_anew = [] {
        if constexpr (requires { P::begins_anew; })
            return P::begins_anew;
        else
            return false;
    }();

  private:
    // f of what P's originals are, then the rest of x.
    static constexpr auto through_chains(auto f, auto... x) {
        constexpr std::size_t own = sizeof...(Chains);
        std::tuple const all{x...};
        return [&]<std::size_t... K, std::size_t... S>(std::index_sequence<K...>, std::index_sequence<S...>) {
            return f(detail::through<Chains>(std::get<K>(all))..., std::get<own + S>(all)...);
        }(std::make_index_sequence<own>{}, std::make_index_sequence<sizeof...(x) - own>{});
    }
    static constexpr auto originals_of(auto result) {
        if constexpr (detail::is_tuple<decltype(result)>)
            return std::apply([](auto... x) { return originals(detail::back_through<Chains>(x)...); }, result);
        else
            return (detail::back_through<Chains>(result), ...);
    }
};

namespace detail {

template <class P, class... Chains>
inline constexpr bool is_unsafe<nested<P, Chains...>> = is_unsafe<P>;

// A chain under whose original K of Count stands one more chain, or none any more.
template <class Chain, int K, int Count, class Added>
struct nest;
template <class P, class... Rest, int K, int Count, class Added>
struct nest<chain<P, Rest...>, K, Count, Added> {
    template <int... I>
    static auto fresh(std::integer_sequence<int, I...>)
        -> chain<nested<P, std::conditional_t<I == K, Added, chain<>>...>, Rest...>;
    using type = decltype(fresh(std::make_integer_sequence<int, Count>{}));
    using without = chain<P, Rest...>;
};
template <class P, class... Chains, class... Rest, int K, int Count, class Added>
struct nest<chain<nested<P, Chains...>, Rest...>, K, Count, Added> {
    template <int... I>
    static auto more(std::integer_sequence<int, I...>)
        -> chain<nested<P, std::conditional_t<I == K, chain_of<Chains, Added>, Chains>...>, Rest...>;
    using type = decltype(more(std::make_integer_sequence<int, Count>{}));
    template <int... I>
    static auto fewer(std::integer_sequence<int, I...>)
        -> chain<nested<P, std::conditional_t<I == K, chain<>, Chains>...>, Rest...>;
    template <int... I>
    static constexpr bool plain(std::integer_sequence<int, I...>) {
        return ((I == K || std::is_same_v<Chains, chain<>>) && ...);
    }
    using positions = std::make_integer_sequence<int, Count>;
    using without = std::conditional_t<plain(positions{}), chain<P, Rest...>, decltype(fewer(positions{}))>;
};

template <class Chain>
inline constexpr int nested_count = 0;
template <class P, class... Chains, class... Rest>
inline constexpr int nested_count<chain<nested<P, Chains...>, Rest...>> = sizeof...(Chains);

// The chain under original K, if there is one.
template <class Chain, int K>
struct nested_chain {
    using type = chain<>;
};
template <class P, class... Chains, class... Rest, int K>
struct nested_chain<chain<nested<P, Chains...>, Rest...>, K> {
    using type = std::tuple_element_t<K, std::tuple<Chains...>>;
};

// Is there one under original k?
template <class Chain>
constexpr bool has_nested_chain(int) {
    return false;
}
template <class Chain>
    requires(nested_count<Chain> > 0)
constexpr bool has_nested_chain(int k) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
        return ((K == k && nested_chain<Chain, K>::type::size > 0) || ...);
    }(std::make_integer_sequence<int, nested_count<Chain>>{});
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
