// Sets of matrices and vectors, as types: what a stage takes (`domain`) and makes (`codomain`). A set names the sets
// that directly contain it in `within`; inclusion follows from that, is decided by the compiler, and can be extended by
// a user's own set.
//
//     struct rotations { using within = pm::set::list<pm::set::orthogonal>; };
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>

namespace paramorph {

namespace set {

template <class... Sets>
struct list {};

struct real {  // everything
    using within = list<>;
};
struct positive {
    using within = list<real>;
};
struct symmetric {
    using within = list<real>;
};
struct skew {
    using within = list<real>;
};
struct orthogonal {
    using within = list<real>;
};
struct upper_triangular {
    using within = list<real>;
};
template <int K>
struct rank_at_most {
    using within = list<real>;
};

}  // namespace set

namespace detail {

template <class A, class B>
struct is_subset;
template <class B, class... Sets>
constexpr bool any_subset(set::list<Sets...>) {
    return (is_subset<Sets, B>::value || ...);
}
template <class A, class B>
struct is_subset {
    static constexpr bool value = std::is_same_v<A, B> || any_subset<B>(typename A::within{});
};

}  // namespace detail

// Is every element of A one of B?
template <class A, class B>
inline constexpr bool subset = std::is_same_v<B, set::real> || detail::is_subset<A, B>::value;

}  // namespace paramorph
