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
#include <utility>

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
constexpr std::uint64_t hash_of() {
    constexpr std::string_view all = signature<Op>();
    std::uint64_t h = 14695981039346656037u;
    for (char const *c = all.data() + before_name, *end = all.data() + all.size() - behind_name; c != end; ++c)
        h = (h ^ static_cast<unsigned char>(*c)) * 1099511628211u;
    return h;
}

// Compilers compare types without an instantiation.
template <class T, class List>
inline constexpr bool is_listed = false;
template <class T, class... Op>
inline constexpr bool is_listed<T, ops<Op...>> = (__is_same(T, Op) || ...);

template <class A, class B>
struct join_two;
template <class... A>
struct join_two<ops<A...>, ops<>> {
    using type = ops<A...>;
};
template <class... A, class T, class... B>
struct join_two<ops<A...>, ops<T, B...>> {
    using type =
        typename join_two<std::conditional_t<is_listed<T, ops<A...>>, ops<A...>, ops<A..., T>>, ops<B...>>::type;
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
struct closure_under_uses;
template <class... Seen>
struct closure_under_uses<ops<Seen...>, ops<>> {
    using type = ops<Seen...>;
};
template <class... Seen, class T, class... Open>
struct closure_under_uses<ops<Seen...>, ops<T, Open...>> {
    template <class Op, class... More>
    static constexpr auto next() {
        if constexpr (is_listed<Op, ops<Seen...>>)
            return closure_under_uses<ops<Seen...>, ops<More...>>{};
        else
            return closure_under_uses<ops<Seen..., Op>, typename join_two<ops<More...>, typename Op::uses>::type>{};
    }
    using type = typename decltype(next<T, Open...>())::type;
};

// One object for each type.
struct identity {
    std::uint64_t hash;  // of the type's name as it is printed: the same in every run of a compiler, unlike an address
};
template <class Op>
inline constexpr identity identity_object{hash_of<Op>()};

}  // namespace detail

// The identity of an operation: the address of an object that belongs to its type. So two lambdas, or two types local
// to a function, are two operations, though they are printed alike. Addresses of different objects are compared only
// where the hashes are equal: g++ refuses that in constant expressions under -fsanitize=undefined, so that two types
// printed alike do not compile there.
struct operation_id {
    detail::identity const* object;

    constexpr std::uint64_t hash() const { return object->hash; }
    constexpr bool operator==(operation_id const& other) const {
        return object->hash == other.object->hash && object == other.object;
    }
};
template <class Op>
inline constexpr operation_id id_of{&detail::identity_object<Op>};

template <class... List>
using join = typename detail::join_all<List...>::type;
template <class List>
using operation_closure = typename detail::closure_under_uses<ops<>, List>::type;

namespace detail {

template <class... Op>
constexpr int index_of(ops<Op...>, operation_id id) {
    int i = 0;
    (void)((id_of<Op> == id || (++i, false)) || ...);
    return i;
}
// The operation at a place of a list: the base that a list with places has for it.
template <int I, class T>
struct placed_operation {
    using type = T;
};
template <class List, class Places>
struct operations_in_places;
template <class... Op, int... I>
struct operations_in_places<ops<Op...>, std::integer_sequence<int, I...>> : placed_operation<I, Op>... {};
template <int I, class T>
placed_operation<I, T> operation_at(placed_operation<I, T> const&);

}  // namespace detail

// The operation of `List` whose identity is {Object}.
template <class List, detail::identity const* Object>
struct find_operation {
    static constexpr int index = detail::index_of(List{}, {Object});
    static_assert(index < List::size, "a derivative rule pushes an operation that its `uses` list does not name");
    using type = typename decltype(detail::operation_at<(index < List::size ? index : 0)>(
        detail::operations_in_places<List, std::make_integer_sequence<int, List::size>>{}))::type;
};

}  // namespace paramorph::inline PARAMORPH_ABI
