// The members of a module, and what the compiler says where they are not what BOOST_HANA_ADAPT_STRUCT lists.
//
// Every member that holds anything must be listed, and be a tensor or a module: forward is traced while compiling, on a
// default-constructed object, and would never see what another member holds at run time. The members of an aggregate
// are counted by the initializers that it takes. A struct with constructors, with private members or with a base that
// is not empty cannot be counted; its size is compared with that of what is listed, so that only a member of fewer
// bytes than there is padding beside empty modules goes unseen.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "paramorph/compat/hana.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/core/type_name.hpp"
#include "paramorph/parametrize/tensor.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class M, class... Slots>
struct overlay;
template <class M>
inline constexpr bool is_overlay = false;
template <class M, class... Slots>
inline constexpr bool is_overlay<overlay<M, Slots...>> = true;

template <class M>
constexpr bool is_struct() {
    return hana::Struct<M>::value;
}
// A tensor or a module that holds something.
template <class X>
constexpr bool is_part() {
    if constexpr (is_tensor<X> || is_overlay<X>)
        return true;
    else
        return !std::is_empty_v<X> && is_struct<X>();
}

// Does a class have a member called forward? Asked by making the name ambiguous.
struct another_forward {
    int forward;
};
template <class M>
struct with_another_forward : M, another_forward {};
template <class M>
constexpr bool has_a_forward() {
    if constexpr (std::is_class_v<M> && !std::is_final_v<M>)
        return !requires { &with_another_forward<M>::forward; };
    else
        return false;
}

// Stands for a member of a kind where an aggregate is initialized.
enum class member_kind { any, base, not_empty, part };
template <class M, class X>
constexpr bool is_of_kind(member_kind k) {
    switch (k) {
        case member_kind::any:
            return true;
        case member_kind::base:
            return std::is_base_of_v<X, M> && !std::is_empty_v<X>;
        case member_kind::not_empty:
            return !std::is_empty_v<X>;
        case member_kind::part:
            return is_part<X>();
    }
    return false;
}
template <class M, member_kind K>
struct any_member {
    template <class X>
        requires(!std::is_same_v<X, M> && is_of_kind<M, X>(K))
    constexpr operator X() const noexcept;
};
// Does M take an initializer of this kind after N of any kind?
template <class M, member_kind K, std::size_t N>
constexpr bool takes() {
    return []<std::size_t... Before>(std::index_sequence<Before...>) {
        return requires { M{(void(Before), any_member<M, member_kind::any>{})..., any_member<M, K>{}}; };
    }(std::make_index_sequence<N>{});
}

// How many members of each kind M has; `counted` says whether they could be counted.
struct member_counts {
    bool counted = false;
    std::size_t parts = 0, others = 0;
};
template <class M, std::size_t N = 0>
constexpr member_counts count_members(member_counts c = {}) {
    if constexpr (!std::is_aggregate_v<M> || std::is_union_v<M>)
        return c;
    else if constexpr (takes<M, member_kind::base, N>())
        return {};
    else if constexpr (takes<M, member_kind::any, N>()) {
        c.counted = true;
        if (takes<M, member_kind::part, N>())
            ++c.parts;
        else if (takes<M, member_kind::not_empty, N>())
            ++c.others;
        return count_members<M, N + 1>(c);
    } else
        return c;
}

template <class M, std::size_t I>
using member_at = std::remove_cvref_t<decltype(hana::second(hana::at_c<I>(hana::accessors<M>()))(std::declval<M&>()))>;

// The name of a listed member as template argument.
template <char... C>
constexpr auto fixed(hana::string<C...>) {
    return fixed_string<sizeof...(C) + 1>({C..., '\0'});
}
template <class M, std::size_t I>
constexpr auto member_name() {
    return fixed(std::remove_cvref_t<decltype(hana::first(hana::at_c<I>(hana::accessors<M>())))>{});
}

// Why a member must be a tensor or a module.
inline constexpr char unseen[] =
    "; forward, traced while compiling, would not see it. A number or a flag: make it static constexpr, a template "
    "parameter, or pm::buffer<pm::shape<>>; a struct of tensors: adapt it; an array of modules: pm::nn::sequential";

// The mistake in a module's members, if there is one, and the numbers that its sentence needs.
enum class member_mistake { none, in_a_member, unadapted, listed_another, listed_twice, larger, another, missed };
struct found_mistake {
    member_mistake kind = member_mistake::none;
    std::size_t first = 0, second = 0;
};
template <class M>
constexpr bool members_are_sound();

template <class M>
class member_search {
    // The bytes that a member takes at most.
    template <class X>
    static constexpr std::size_t rounded() {
        return (sizeof(X) + alignof(M) - 1) / alignof(M) * alignof(M);
    }
    template <std::size_t I>
    static constexpr bool first_of_its_name() {
        return []<std::size_t... Before>(std::index_sequence<Before...>) {
            return ((member_name<M, Before>().view() != member_name<M, I>().view()) && ...);
        }(std::make_index_sequence<I>{});
    }
    template <std::size_t... I>
    static constexpr found_mistake among(std::index_sequence<I...>) {
        bool const fit[]{true, is_part<member_at<M, I>>() || std::is_empty_v<member_at<M, I>>...};
        for (std::size_t k = 0; k < sizeof...(I); ++k)
            if (!fit[k + 1]) return {member_mistake::listed_another, k};
        if constexpr (((is_part<member_at<M, I>>() || std::is_empty_v<member_at<M, I>>) && ...))
            if (!(members_are_sound<member_at<M, I>>() && ...)) return {member_mistake::in_a_member};
        if (!(first_of_its_name<I>() && ...)) return {member_mistake::listed_twice};
        constexpr std::size_t listed = (std::size_t{} + ... + std::size_t{is_part<member_at<M, I>>()});
        constexpr member_counts c = count_members<M>();
        if (!c.counted || c.parts + c.others < listed) {
            constexpr std::size_t room =
                (std::is_polymorphic_v<M> ? rounded<void*>() : 0) + (std::size_t{} + ... + rounded<member_at<M, I>>());
            if (sizeof(M) > room) return {member_mistake::larger, sizeof(M), room};
        } else if (c.others > 0)
            return {member_mistake::another, c.parts + c.others, listed};
        else if (c.parts > listed)
            return {member_mistake::missed, c.parts, listed};
        return {};
    }

  public:
    static constexpr found_mistake found() {
        if constexpr (std::is_empty_v<M> || is_tensor<M>)
            return {};
        else if constexpr (is_overlay<M>)
            return {members_are_sound<typename M::module_type>() ? member_mistake::none : member_mistake::in_a_member};
        else if constexpr (is_struct<M>())
            return among(std::make_index_sequence<decltype(hana::length(hana::accessors<M>()))::value>{});
        else
            return {member_mistake::unadapted, count_members<M>().parts + count_members<M>().others};
    }
};
template <class M>
inline constexpr found_mistake mistake_in = member_search<M>::found();

// What is wrong with the members of M, with the names and numbers that tell where.
template <class M>
constexpr sentence sentence_of_members() {
    constexpr found_mistake wrong = mistake_in<M>;
    constexpr std::string_view name = short_type_name<M>();
    if constexpr (wrong.kind == member_mistake::unadapted)
        return sentence("module: ", name, " is not adapted; after it, at global scope, list all of its members (",
                        wrong.first, "): BOOST_HANA_ADAPT_STRUCT(", name, ", first, second, ...)");
    else if constexpr (wrong.kind == member_mistake::missed)
        return sentence("module: ", name, " has ", wrong.first, " members that are tensors or modules, and its ",
                        "BOOST_HANA_ADAPT_STRUCT lists ", wrong.second, "; list every one: BOOST_HANA_ADAPT_STRUCT(",
                        name, ", first, second, ...)");
    else if constexpr (wrong.kind == member_mistake::listed_another)
        return sentence("module: the member ", member_name<M, wrong.first>().view(), " of ", name, ", ",
                        short_type_name<member_at<M, wrong.first>>(), ", is neither a tensor nor a module", unseen);
    else if constexpr (wrong.kind == member_mistake::another)
        return sentence("module: ", name, " has ", wrong.first, " members, its BOOST_HANA_ADAPT_STRUCT lists ",
                        wrong.second, ", and one of the others is neither a tensor nor a module", unseen);
    else if constexpr (wrong.kind == member_mistake::listed_twice)
        return sentence("module: BOOST_HANA_ADAPT_STRUCT of ", name, " lists a member twice");
    else
        return sentence("module: ", name, " takes ", wrong.first,
                        " bytes, and the members that its BOOST_HANA_ADAPT_STRUCT lists ", "take at most ",
                        wrong.second, ": list every member; one that is neither a tensor nor a module must be ",
                        "static constexpr, a template parameter, or a pm::buffer");
}

// Are the members of a module, and theirs, what they must be? What is not is said once.
template <class M>
constexpr bool members_are_sound() {
    constexpr member_mistake kind = mistake_in<M>.kind;
    if constexpr (kind != member_mistake::none && kind != member_mistake::in_a_member) {
        constexpr sentence says = sentence_of_members<M>();  // g++ 12 crashes on the call as argument
        {
            using wrong = mistake<says>;
            using said [[maybe_unused]] = wrong::type;
        }
    }
    return kind == member_mistake::none;
}

// M, or after a mistake in M, so that no other is said, a module without members.
struct no_members {};
template <class M>
using traced_module = std::conditional_t<members_are_sound<M>(), M, no_members>;

// Calls f.operator()<name>(accessor) for each member of M.
template <class M, class F>
constexpr void for_each_member(F&& f) {
    if constexpr (members_are_sound<M>() && !std::is_empty_v<M>)
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (f.template operator()<member_name<M, I>()>(hana::second(hana::at_c<I>(hana::accessors<M>()))), ...);
        }(std::make_index_sequence<decltype(hana::length(hana::accessors<M>()))::value>{});
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
