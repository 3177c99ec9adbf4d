// Chains: `chain<skew, cayley>` applies skew, then cayley; as values, `skew{} | cayley{}`. A chain is itself a
// parametrization. Chains of chains are flat. A chain whose sets do not meet does not compile, and neither does a
// tensor whose chain begins with a stage that does not take every tensor: its original can be any. `unsafe<stage>` is
// not asked for its domain; the chain's set then is a promise only where what arrives is of that domain.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/stage.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class... Stages>
struct flat_chain;

template <class Stage, class Makes, class Next, class Takes>
struct stages_meet {
    static constexpr bool say() {
        if constexpr (!is_unsafe<Next> && !subset<Makes, Takes>)
            using wrong [[maybe_unused]] = mistake<sentence(
                "chain: a stage does not accept what the stage before it makes: ", short_type_name<Stage>(), " makes ",
                short_type_name<Makes>(), " tensors (its codomain), ", short_type_name<Next>(), " takes ",
                short_type_name<Takes>(),
                " ones (its domain); put a stage between them that makes such, or declare the sets")>;
        return true;  // one mistake, one error: what follows goes on as if they met
    }
    static constexpr bool named = say();
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

// Names the first stage of a tensor's chain and its domain in the compiler's message. One mistake, one error: the
// sentence that fits best.
template <class Stage, class Takes>
struct original_meets {
    static constexpr bool named = true;
    static constexpr bool skew = std::is_same_v<Takes, set::skew>, symmetric = std::is_same_v<Takes, set::symmetric>;
    static_assert(
        !skew,
        "chain: the first stage takes skew matrices, and the original before it can be any matrix; put a stage "
        "before it that makes them: pm::weight<pm::param::skew, pm::param::cayley> instead of "
        "pm::weight<pm::param::cayley>. The names above are the stage and the set it takes (its domain); "
        "pm::unsafe<stage> takes what comes");
    static_assert(
        !symmetric,
        "chain: the first stage takes symmetric matrices, and the original before it can be any matrix; put a "
        "stage before it that makes them: pm::weight<pm::param::symmetric, stage> instead of "
        "pm::weight<stage>. The names above are the stage and the set it takes (its domain); "
        "pm::unsafe<stage> takes what comes");
    static_assert(skew || symmetric || subset<set::real, Takes>,
                  "chain: the first stage takes elements of its domain only, and the original before it can be any "
                  "tensor; put a stage before it that makes such elements: pm::weight<that_stage, stage> instead of "
                  "pm::weight<stage>. The names above are the stage and the set it takes (its domain); "
                  "pm::unsafe<stage> takes what comes");
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
