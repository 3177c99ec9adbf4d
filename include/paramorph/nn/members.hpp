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
    int parts = 0, others = 0;
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

// Numbers in the compiler's message: a struct has so many members, and so many are listed.
template <int Count>
struct members;
template <int Count>
struct adapted;

// What is wrong, with the names and numbers that tell where.
template <class Struct, class Declared, class Listed>
struct misses_a_member {
    static_assert(sizeof(Struct) == 0,
                  "module: the struct named above has more members that are tensors or modules (the first number) than "
                  "BOOST_HANA_ADAPT_STRUCT lists (the second). List every one: BOOST_HANA_ADAPT_STRUCT(name, first, "
                  "second, ...)");
};
template <class Struct, class Member>
struct lists_another_member {
    static_assert(sizeof(Struct) == 0,
                  "module: a member is neither a tensor nor a module; adapt its type with BOOST_HANA_ADAPT_STRUCT. A "
                  "number, a flag or an array that forward uses must be known while compiling: make it static "
                  "constexpr or a template parameter; or make it a tensor, pm::buffer<pm::shape<>>");
};
template <class Struct, class Declared, class Listed>
struct has_another_member {
    static_assert(sizeof(Struct) == 0,
                  "module: the struct named above has more members (the first number) than BOOST_HANA_ADAPT_STRUCT "
                  "lists (the second), and one of them is neither a tensor nor a module: forward, which is traced "
                  "while compiling, would not see what it holds at run time. A number or a flag: make it static "
                  "constexpr or a template parameter; or a tensor, pm::buffer<pm::shape<>>. A struct of tensors: "
                  "adapt it");
};
template <class Struct>
struct lists_a_member_twice {
    static_assert(sizeof(Struct) == 0,
                  "module: BOOST_HANA_ADAPT_STRUCT of the struct named above lists a member twice");
};
template <std::size_t Count>
struct bytes;
template <class Struct, class Size, class Listed>
struct is_larger {
    static_assert(sizeof(Struct) == 0,
                  "module: the struct named above is larger (the first number) than the members in its "
                  "BOOST_HANA_ADAPT_STRUCT can be (the second). List every member; one that is neither a tensor nor a "
                  "module must be static constexpr, a template parameter, or a pm::buffer");
};
template <class Struct, class Declared>
struct is_not_adapted {
    static_assert(sizeof(Struct) == 0,
                  "module: the struct named above is not adapted; after it, at global scope, list all of its members: "
                  "BOOST_HANA_ADAPT_STRUCT(name, first, second, ...)");
};

// Are the members of a module, and theirs, what they must be? What is not is said once; `sizeof` has it said, and
// leaves the answer a constant.
template <class M>
constexpr bool has_sound_members();
template <class M>
class sound_members {
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
    template <std::size_t I>
    static constexpr bool is_sound() {
        using member = member_at<M, I>;
        if constexpr (is_part<member>() || std::is_empty_v<member>)
            return has_sound_members<member>();
        else
            return (void)sizeof(lists_another_member<M, member>), false;
    }
    template <std::size_t... I>
    static constexpr bool listed(std::index_sequence<I...>) {
        constexpr int count = (0 + ... + int(is_part<member_at<M, I>>()));
        constexpr member_counts c = count_members<M>();
        constexpr std::size_t room =
            (std::is_polymorphic_v<M> ? rounded<void*>() : 0) + (std::size_t{} + ... + rounded<member_at<M, I>>());
        if constexpr (!(is_sound<I>() && ...))
            return false;
        else if constexpr (!(first_of_its_name<I>() && ...))
            return (void)sizeof(lists_a_member_twice<M>), false;
        else if constexpr (!c.counted || c.parts + c.others < count) {
            if constexpr (sizeof(M) > room) (void)sizeof(is_larger<M, bytes<sizeof(M)>, bytes<room>>);
            return sizeof(M) <= room;
        } else if constexpr (c.others > 0)
            return (void)sizeof(has_another_member<M, members<c.parts + c.others>, adapted<count>>), false;
        else if constexpr (c.parts > count)
            return (void)sizeof(misses_a_member<M, members<c.parts>, adapted<count>>), false;
        else
            return true;
    }
    static constexpr bool all() {
        if constexpr (std::is_empty_v<M> || is_tensor<M>)
            return true;
        else if constexpr (is_overlay<M>)
            return has_sound_members<typename M::module_type>();
        else if constexpr (is_struct<M>())
            return listed(std::make_index_sequence<decltype(hana::length(hana::accessors<M>()))::value>{});
        else {
            constexpr member_counts c = count_members<M>();
            return (void)sizeof(is_not_adapted<M, members<c.parts + c.others>>), false;
        }
    }

  public:
    static constexpr bool value = all();
};
template <class M>
constexpr bool has_sound_members() {
    return sound_members<M>::value;
}

// M, or after a mistake in M, so that no other is said, a module without members.
struct no_members {};
template <class M>
using traced_module = std::conditional_t<has_sound_members<M>(), M, no_members>;

// Calls f.operator()<name>(accessor) for each member of M.
template <class M, class F>
constexpr void for_each_member(F&& f) {
    if constexpr (has_sound_members<M>() && !std::is_empty_v<M>)
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (f.template operator()<member_name<M, I>()>(hana::second(hana::at_c<I>(hana::accessors<M>()))), ...);
        }(std::make_index_sequence<decltype(hana::length(hana::accessors<M>()))::value>{});
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
