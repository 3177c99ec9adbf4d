// Chains: `chain<skew, cayley>` applies skew, then cayley; as values, `skew{} | cayley{}`. A chain is itself a
// parametrization. Chains of chains are flat. A chain whose sets do not meet does not compile, and neither does a
// tensor whose chain begins with a stage that does not take every tensor: its original can be any. `unsafe<stage>` is
// not asked for its domain; the chain's set then is a promise only where what arrives is of that domain.
//
// Errors: the compiler's where sets do not meet, which names both stages and both sets. Cost: none of its own: stages
// are one program, and are fused. Source: torch.nn.utils.parametrize.ParametrizationList.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/stage.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class... Stages>
struct flat_chain;

// Where two stages do not meet, the class says so. What follows goes on as if they met: one mistake, one error.
template <class Stage, class Makes, class Next, class Takes, bool = is_unsafe<Next> || subset<Makes, Takes>>
struct stages_meet {
    static constexpr bool named = true;
};
template <class Stage, class Makes, class Next, class Takes>
struct stages_meet<Stage, Makes, Next, Takes, false> {
    using wrong = mistake<sentence(
        "chain: a stage does not accept what the stage before it makes: ", short_type_name<Stage>(), " makes ",
        short_type_name<Makes>(), " tensors (its codomain), ", short_type_name<Next>(), " takes ",
        short_type_name<Takes>(), " ones (its domain); put a stage between them that makes such, or declare the sets")>;
    using said = typename wrong::type;
    static constexpr bool named = true;
};

template <class... Stages>
struct adjacent {
    static constexpr bool meet = true;
};
template <class A, class B, class... Rest>
struct adjacent<A, B, Rest...> {
    static constexpr bool meet = stages_meet<A, codomain_of<A>, B, domain_of<B>>::named && adjacent<B, Rest...>::meet;
};

// What is known of the last stage.
template <class... Stages>
struct chain_end {
    using codomain = set::real;
    static constexpr bool projects = true;
};
template <class S>
struct chain_end<S> {
    using codomain = codomain_of<S>;
    static constexpr bool projects = takes_any<S>;
};
template <class S, class Next, class... Rest>
struct chain_end<S, Next, Rest...> : chain_end<Next, Rest...> {};

}  // namespace detail

template <class... Stages>
struct chain : detail::chain_end<Stages...> {
    static_assert(detail::adjacent<Stages...>::meet);
    static constexpr int size = sizeof...(Stages);
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

namespace detail {

// Refuses a first stage of a tensor's chain that does not take every tensor: the original before it can be any.
template <class Stage, class Takes, bool = subset<set::real, Takes>>
struct original_meets {
    static constexpr bool named = true;
};
template <class Stage, class Takes>
struct original_meets<Stage, Takes, false> {
    static constexpr std::string_view with =
        std::is_same_v<Takes, set::skew>        ? ", as in pm::weight<pm::param::skew, pm::param::cayley>"
        : std::is_same_v<Takes, set::symmetric> ? ", as in pm::weight<pm::param::symmetric, stage>"
                                                : "";
    using wrong =
        mistake<sentence("chain: the first stage, ", short_type_name<Stage>(), ", takes ", short_type_name<Takes>(),
                         " tensors only (its domain), and the original before it can be any; put a stage "
                         "before it that makes such",
                         with, "; pm::unsafe<stage> takes what comes")>;
    using said = typename wrong::type;
    static constexpr bool named = true;  // one mistake, one error
};

struct unchecked {
    static constexpr bool named = true;
};
// What the first stage of a chain takes, and the check that an original, which can be any tensor, is that.
template <class Chain>
struct first_stage {
    using domain = set::real;
    using original = unchecked;
};
template <class First, class... Rest>
struct first_stage<chain<First, Rest...>> {
    using domain = std::conditional_t<is_unsafe<First>, set::real, domain_of<First>>;
    using original = std::conditional_t<is_unsafe<First>, unchecked, original_meets<First, domain>>;
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

}  // namespace paramorph::inline PARAMORPH_ABI
