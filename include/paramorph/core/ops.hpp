// A set of operations as a type, `ops<add, mul>`. A symbol carries the set of the operations that made it; the kernel
// finds an operation's type there by the identity its descriptor holds. `uses` of an operation names what its
// derivative or rewrite may push.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class... Op>
struct ops {
    static constexpr int size = sizeof...(Op);
};

namespace detail {

template <class Op>
constexpr std::string_view signature() {
    return __PRETTY_FUNCTION__;
}
// What stands before and behind the type's name there; the same for all types, so that no one reads it twice.
inline constexpr std::size_t before_name = signature<void>().find("void"),
                             behind_name = signature<void>().size() - before_name - 4;

template <class Op>
constexpr std::uint64_t identity_of() {
    constexpr std::string_view all = signature<Op>();
    std::uint64_t h = 14695981039346656037u;
    for (char const *c = all.data() + before_name, *end = all.data() + all.size() - behind_name; c != end; ++c)
        h = (h ^ static_cast<unsigned char>(*c)) * 1099511628211u;
    return h;
}

template <class T, class... Op>
constexpr bool contains(ops<Op...>) {
    return (std::is_same_v<T, Op> || ...);
}

template <class A, class B>
struct join_two;
template <class... A>
struct join_two<ops<A...>, ops<>> {
    using type = ops<A...>;
};
template <class... A, class T, class... B>
struct join_two<ops<A...>, ops<T, B...>> {
    using type =
        typename join_two<std::conditional_t<contains<T>(ops<A...>{}), ops<A...>, ops<A..., T>>, ops<B...>>::type;
};

template <class... List>
struct join_all {
    using type = ops<>;
};
template <class A>
struct join_all<A> {
    using type = A;
};
template <class A, class... Rest>
struct join_all<A, A, Rest...> : join_all<A, Rest...> {};
template <class A, class B, class... Rest>
struct join_all<A, B, Rest...> : join_all<typename join_two<A, B>::type, Rest...> {};

// The closure under `uses`: everything that a derivative, or a derivative's derivative rule, may push.
template <class Seen, class Open>
struct close;
template <class... Seen>
struct close<ops<Seen...>, ops<>> {
    using type = ops<Seen...>;
};
template <class... Seen, class T, class... Open>
struct close<ops<Seen...>, ops<T, Open...>> {
    template <class Op, class... More>
    static constexpr auto next() {
        if constexpr (contains<Op>(ops<Seen...>{}))
            return close<ops<Seen...>, ops<More...>>{};
        else
            return close<ops<Seen..., Op>, typename join_two<ops<More...>, typename Op::uses>::type>{};
    }
    using type = typename decltype(next<T, Open...>())::type;
};

template <class... Op>
constexpr int index_of(ops<Op...>, std::uint64_t id);

}  // namespace detail

// The identity of an operation: a hash of its type's name. Addresses of descriptors cannot be compared in constant
// expressions under the sanitizers, hashes can.
template <class Op>
inline constexpr std::uint64_t id_of = detail::identity_of<Op>();

template <class... List>
using join = typename detail::join_all<List...>::type;
template <class List>
using closure = typename detail::close<ops<>, List>::type;

template <class... Op>
constexpr int detail::index_of(ops<Op...>, std::uint64_t id) {
    int i = 0;
    (void)((id_of<Op> == id || (++i, false)) || ...);
    return i;
}

namespace detail {
template <int I, class T, class... Op>
constexpr auto at(ops<T, Op...>) {
    if constexpr (I == 0)
        return std::type_identity<T>{};
    else
        return at<I - 1>(ops<Op...>{});
}
}  // namespace detail

// The operation of `List` whose identity is `Id`.
template <class List, std::uint64_t Id>
struct find_operation {
    static constexpr int index = detail::index_of(List{}, Id);
    static_assert(index < List::size, "a derivative rule pushes an operation that its `uses` list does not name");
    using type = typename decltype(detail::at<index>(List{}))::type;
};

}  // namespace paramorph::inline PARAMORPH_ABI
