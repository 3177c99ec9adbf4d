// What a set of tensors is, as a type: inclusion and membership. The ready-made sets are in parametrize/sets.hpp.
//
//     subset<A, B>                         is every element of A one of B? Decided by the compiler
//     contains<Set>(x, shape, tolerance)   are the row-major elements x of a tensor of this shape an element?
//     set_name<Set>()                      for messages
//
// A set names the sets that directly contain it in `within`; inclusion follows from that, and is extended by a user's
// own set, whose `contains`, `name` and `demands` (what is said where a value is refused) are optional:
//
//     struct rotations { using within = pm::set::list<pm::set::orthogonal>; };
//
// Without `contains`, a tensor is an element if it is one of every set in `within`. A family of sets adds, for what no
// list can name, `template <class B> static constexpr bool inside`: is it within B too?
//
// Tolerance is absolute: the two sides of each equation of a set's definition may differ by it, and each inequality
// that is not strict may be missed by it. But where all numbers are below 1 (of the matrix, or of the tensor in
// conditions on each element, or the ends of an interval) it is relative to the largest of them: small tensors are
// judged as if they were large. Where the definition itself says 1 (unit lengths, orthonormal columns, sums of one) it
// is absolute always. Strict inequalities are not relaxed. What takes a factorization to decide (definiteness, rank,
// invertibility) allows for the rounding of the element type besides. NaN and infinities are in no set, not even
// `real`. Of a tensor without elements the definition decides: [0, 3] has no row, so each row sums to one; [3, 0] and
// [0] have rows, whose sum and length are 0.
// Cost: inclusion is the compiler's; membership one pass or a factorization, by set. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <type_traits>

#include "paramorph/core/type_name.hpp"
#include "paramorph/parametrize/membership.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace set {

template <class... Sets>
struct list {};

// Every tensor of finite numbers.
struct real {
    using within = list<>;
    static constexpr std::string_view name = "real";
    template <class T>
    static constexpr bool contains(T const* x, extents const& shape, double) {
        return membership::finite(x, shape);
    }
};

}  // namespace set

namespace detail {

template <class A, class B>
constexpr bool is_subset();
template <class B, class... Sets>
constexpr bool any_subset(set::list<Sets...>) {
    return (is_subset<Sets, B>() || ...);
}
template <class A, class B>
constexpr bool is_subset() {
    if constexpr (std::is_same_v<A, B> || std::is_same_v<B, set::real>)
        return true;
    else if constexpr (requires { A::template inside<B>; })
        return A::template inside<B> || any_subset<B>(typename A::within{});
    else
        return any_subset<B>(typename A::within{});
}

}  // namespace detail

// Is every element of A one of B?
template <class A, class B>
inline constexpr bool subset = detail::is_subset<A, B>();

// Are these row-major elements of a tensor of this shape an element of the set, up to a tolerance?
template <class Set, class T>
constexpr bool contains(T const* x, extents const& shape, double tolerance) {
    if (!membership::finite(x, shape)) return false;
    if constexpr (requires { Set::contains(x, shape, tolerance); })
        return Set::contains(x, shape, tolerance);
    else
        return [&]<class... Sets>(set::list<Sets...>) {
            return (paramorph::contains<Sets>(x, shape, tolerance) && ...);
        }(typename Set::within{});
}

// The name of a set: its own `name`, or that of its type.
template <class Set>
constexpr std::string_view set_name() {
    if constexpr (requires { Set::name; })
        return Set::name;
    else
        return detail::short_type_name<Set>();
}

}  // namespace paramorph::inline PARAMORPH_ABI
