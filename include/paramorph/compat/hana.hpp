// Boost.Hana: the parts that paramorph uses. Modules are Hana Structs.
//
// BOOST_HANA_ADAPT_STRUCT is defined anew, with the same meaning. Hana's own looks its type's name up inside
// boost::hana first, so that a module called embedding, pair or one is taken for Hana's function object of that name.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/hana/accessors.hpp>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

#include "paramorph/core/fixed_string.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace hana = boost::hana;

namespace detail {

// A member of an adapted struct as Hana has it: its name and how it is reached.
template <fixed_string Name, auto Member>
constexpr auto adapted_member() {
    static_assert(std::is_member_object_pointer_v<decltype(Member)>,
                  "BOOST_HANA_ADAPT_STRUCT: a static member is no part of an object; leave it out");
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return hana::make_pair(hana::string_c<Name.text[I]...>,
                               hana::struct_detail::member_ptr<decltype(Member), Member>{});
    }(std::make_index_sequence<Name.view().size()>{});
}
template <class... Members>
constexpr auto adapted_members(int, Members... all) {
    return hana::make_tuple(all...);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI

// Members of a list, each with a comma before it: PARAMORPH_MEMBERS(a, b) is `, member a, member b`. A macro that calls
// itself is expanded again in each scan; 256 scans are enough for as many members.
#define PARAMORPH_PARENTHESES ()
#define PARAMORPH_SCAN(...) PARAMORPH_SCAN_4(PARAMORPH_SCAN_4(PARAMORPH_SCAN_4(PARAMORPH_SCAN_4(__VA_ARGS__))))
#define PARAMORPH_SCAN_4(...) PARAMORPH_SCAN_3(PARAMORPH_SCAN_3(PARAMORPH_SCAN_3(PARAMORPH_SCAN_3(__VA_ARGS__))))
#define PARAMORPH_SCAN_3(...) PARAMORPH_SCAN_2(PARAMORPH_SCAN_2(PARAMORPH_SCAN_2(PARAMORPH_SCAN_2(__VA_ARGS__))))
#define PARAMORPH_SCAN_2(...) PARAMORPH_SCAN_1(PARAMORPH_SCAN_1(PARAMORPH_SCAN_1(PARAMORPH_SCAN_1(__VA_ARGS__))))
#define PARAMORPH_SCAN_1(...) __VA_ARGS__
#define PARAMORPH_MEMBERS(...) __VA_OPT__(PARAMORPH_SCAN(PARAMORPH_MEMBER(__VA_ARGS__)))
#define PARAMORPH_MEMBER(name, ...)                                               \
    , paramorph::detail::adapted_member<#name, &paramorph_adapted_struct::name>() \
          __VA_OPT__(PARAMORPH_MEMBER_AGAIN PARAMORPH_PARENTHESES(__VA_ARGS__))
#define PARAMORPH_MEMBER_AGAIN() PARAMORPH_MEMBER

#undef BOOST_HANA_ADAPT_STRUCT
#define BOOST_HANA_ADAPT_STRUCT(type, ...)                                               \
    template <>                                                                          \
    struct BOOST_HANA_ADAPT_STRUCT_must_be_called_in_the_global_namespace<>;             \
    template <class paramorph_adapted_struct>                                            \
        requires std::is_same_v<paramorph_adapted_struct, type>                          \
    struct boost::hana::accessors_impl<paramorph_adapted_struct> {                       \
        static constexpr auto apply() {                                                  \
            return paramorph::detail::adapted_members(0 PARAMORPH_MEMBERS(__VA_ARGS__)); \
        }                                                                                \
    };                                                                                   \
    static_assert(true, "force the usage of a trailing semicolon")
