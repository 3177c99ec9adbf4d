// A stage: one parametrization. Its `forward` maps originals to the value, its optional `right_inverse` maps a value to
// originals. Both are written once, as static member functions of whatever they are given:
//
//     struct symmetric {
//         static constexpr auto forward(auto x)       { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
//         static constexpr auto right_inverse(auto a) { return pm::triu(a); }
//     };
//
// Optional members: `using domain`, `using codomain` (sets; default real), `static constexpr auto inverse =
// pm::grade::right` (default on_image). A stage with several originals returns `pm::originals(a, b)` from
// right_inverse. Laws, checked by `round_trips`: see `grade`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/expr/symbol.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace paramorph {

// How well right_inverse r undoes forward f, worst first. Composes along a chain as the worst of its stages.
enum class grade {
    none,       // there is no right_inverse: the value cannot be assigned
    on_image,   // f(r(f(x))) == f(x)
    right,      // f(r(y)) == y for every y of the codomain
    bijective,  // also r(f(x)) == x
};

// The originals of a stage that has several.
template <class... Symbol>
constexpr auto originals(Symbol... x) {
    constexpr bool traced_tensors = (detail::is_symbol<Symbol> && ...);
    static_assert(traced_tensors, "originals: every original must be a traced tensor");
    if constexpr (traced_tensors)
        return std::tuple<Symbol...>{x...};
    else
        return std::tuple<>{};
}

namespace detail {

template <class S>
struct declared_domain {
    using type = set::real;
};
template <class S>
    requires requires { typename S::domain; }
struct declared_domain<S> {
    using type = typename S::domain;
};
template <class S>
struct declared_codomain {
    using type = set::real;
};
template <class S>
    requires requires { typename S::codomain; }
struct declared_codomain<S> {
    using type = typename S::codomain;
};

template <class X>
inline constexpr bool is_tuple = false;
template <class... X>
inline constexpr bool is_tuple<std::tuple<X...>> = true;

// One original or several, as a tuple.
template <class X>
constexpr auto as_tuple(X x) {
    if constexpr (is_tuple<X>)
        return x;
    else
        return std::tuple<X>{x};
}

}  // namespace detail

template <class Stage>
using domain_of = typename detail::declared_domain<Stage>::type;
template <class Stage>
using codomain_of = typename detail::declared_codomain<Stage>::type;

// Has the stage a right_inverse for values of this shape?
template <class Stage, class Shape, class T = float>
concept has_right_inverse = requires(symbol<Shape, T> y) { Stage::right_inverse(y); };

// The grade a stage declares; on_image if it declares none but has a right_inverse.
template <class Stage, class Shape, class T = float>
constexpr grade stage_grade() {
    if constexpr (!has_right_inverse<Stage, Shape, T>)
        return grade::none;
    else if constexpr (requires { Stage::inverse; })
        return Stage::inverse;
    else
        return grade::on_image;
}

}  // namespace paramorph
