// Chains: `chain<skew, cayley>` applies skew, then cayley; as values, `skew{} | cayley{}`. A chain is itself a
// parametrization. Chains of chains are flat. A chain whose sets do not meet does not compile.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/stage.hpp"

namespace paramorph::inline PARAMORPH_ABI {

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
