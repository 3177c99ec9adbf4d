// A stage: one parametrization. Its `forward` maps originals to the value, its optional `right_inverse` maps a value to
// originals. Both are written once, as static member functions of whatever they are given:
//
//     struct symmetric {
//         static constexpr auto forward(auto x)       { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
//         static constexpr auto right_inverse(auto a) { return pm::triu(a); }
//     };
//
// Optional members:
//     using domain = pm::set::skew;                       // what it takes; default real. Another one can be no first
//                                                         // stage over a tensor's original, which can be any tensor
//     using codomain = pm::set::orthogonal;               // what it makes; default real
//     static constexpr auto inverse = pm::grade::right;   // see `grade`; default on_image
//     static constexpr bool projects = true;              // see `takes_any`; default: whether codomain is real
//     template <class Shape> using state = pm::states<pm::state<"mean", Shape>>;
//     static constexpr auto log_abs_det(auto x) { ... }   // log |det J| of forward at x: parametrize/log_abs_det.hpp
//
// A stage with several originals returns `pm::originals(a, b)` from right_inverse. One without right_inverse names
// their shapes: `template <class Shape> using original_shapes = pm::shapes<pm::shape<3>, pm::shape<4>>;`.
//
// State is tensors that belong to a weight and are not trained. `forward` takes them after the originals and may answer
// with `pm::updated(value, new_state...)`: what the state becomes when a training step ends. `right_inverse` may take
// them after the value and answer the same way: what the state becomes by an assignment. They begin as zeros, or as
// `initial_state(value, noise...)` says, where noise is numbers in (-1, 1), one tensor for each state. A stage with
// `static constexpr int initial_rounds = n` is asked n times, each time with what it answered before as noise. State
// begins once, when a tensor is filled; with `static constexpr bool begins_anew = true`, for what follows from the
// originals alone, at every assignment.
//
// A stage that acts differently in training and in inference takes the mode as template argument:
// `template <pm::mode M> static constexpr auto forward(auto x)`. Updates count in training only.
//
// Errors: an answer that is no traced tensor is the compiler's. Cost: none: declarations alone. Source:
// torch.nn.utils.parametrize.register_parametrization, whose parametrizations are modules with forward and
// right_inverse.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/core/fixed_string.hpp"
#include "paramorph/expr/symbol.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// How well right_inverse r undoes forward f, worst first. Composes along a chain as the worst of its stages, and is
// on_image at most where a stage takes more than the one before it makes.
enum class grade {
    none,       // there is no right_inverse: the value cannot be assigned
    on_image,   // f(r(f(x))) == f(x)
    right,      // f(r(y)) == y for every y of the codomain
    bijective,  // also r(f(x)) == x
};

// What a program is for; see above.
enum class mode { training, inference };

// A tensor of state: its name, as in PyTorch's state_dict, and its shape. And those of a stage.
template <fixed_string Name, class Shape>
struct state {
    using shape_type = Shape;
    static constexpr std::string_view name = Name.view();
};
template <class... State>
struct states {
    static constexpr int size = sizeof...(State);
};
template <class... Shape>
struct shapes {};

// Lets a stage change the shape and take what is not of its domain: `unsafe<P>` is P without these checks. The value
// then has the shape that forward gives; a tensor's declared shape is that of its original.
template <class Stage>
struct unsafe : Stage {};

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

// A result, and what the state becomes.
template <class Result, class... State>
struct with_update {
    Result result;
    std::tuple<State...> state;
};
// `buffer = value`, in a module.
template <class X>
inline constexpr bool is_new_value = false;

}  // namespace detail

// A value (or, in right_inverse, the originals) together with what the stage's state becomes. In a module's forward:
// the result, and what buffers become, `pm::updated(y, mean = m)`, see nn/module.hpp.
template <class Result, class... State>
    requires((traced<State> || detail::is_new_value<State>) && ...)
constexpr auto updated(Result result, State... state) {
    return detail::with_update<Result, State...>{result, {state...}};
}

namespace detail {

template <class Stage>
inline constexpr bool is_unsafe = false;
template <class Stage>
inline constexpr bool is_unsafe<unsafe<Stage>> = true;

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
template <class S, class Shape>
struct declared_state {
    using type = states<>;
};
template <class S, class Shape>
    requires requires { typename S::template state<Shape>; }
struct declared_state<S, Shape> {
    using type = typename S::template state<Shape>;
};

template <class X>
inline constexpr bool is_tuple = false;
template <class... X>
inline constexpr bool is_tuple<std::tuple<X...>> = true;
template <class X>
inline constexpr bool is_update = false;
template <class R, class... S>
inline constexpr bool is_update<with_update<R, S...>> = true;

// One original or several, as a tuple.
template <class X>
constexpr auto as_tuple(X x) {
    if constexpr (is_tuple<X>)
        return x;
    else
        return std::tuple<X>{x};
}

template <class Stage, mode M, class... X>
concept forward_takes_mode = requires(X... x) { Stage::template forward<M>(x...); };
// Two tests, because a mistake inside of forward is to be shown there, not as a forward that takes no such arguments.
template <class Stage, mode M, class... X>
concept has_forward = forward_takes_mode<Stage, M, X...> || requires(X... x) { Stage::forward(x...); };

template <class Stage, mode M, class... X>
concept still_has_forward = forward_takes_mode<Stage, M, X...> || requires(X&&... x) { Stage::forward(x...); };

template <class Stage, mode M, class... X>
constexpr decltype(auto) call_forward(X... x) {
    if constexpr (forward_takes_mode<Stage, M, X...>)
        return Stage::template forward<M>(x...);
    else
        return Stage::forward(x...);
}
template <class Stage, class Y, class... State>
concept right_inverse_takes_state =
    sizeof...(State) > 0 && requires(Y y, State... s) { Stage::right_inverse(y, s...); };
template <class Stage, class Y, class... State>
concept has_right_inverse_for =
    right_inverse_takes_state<Stage, Y, State...> || requires(Y y) { Stage::right_inverse(y); };

template <class Stage, class Y, class... State>
constexpr decltype(auto) call_right_inverse(Y y, State... s) {
    if constexpr (right_inverse_takes_state<Stage, Y, State...>)
        return Stage::right_inverse(y, s...);
    else
        return Stage::right_inverse(y);
}

}  // namespace detail

// The sets that a stage takes and makes, as it declares them; pm::set::real where it does not.
template <class Stage>
using domain_of = typename detail::declared_domain<Stage>::type;
// See domain_of.
template <class Stage>
using codomain_of = typename detail::declared_codomain<Stage>::type;
// Does right_inverse take any tensor, also one outside of the codomain, and answer with originals of one inside? Then
// initial values go through it, as in PyTorch.
template <class Stage>
inline constexpr bool takes_any = std::is_same_v<codomain_of<Stage>, set::real>;
template <class Stage>
    requires requires { Stage::projects; }
inline constexpr bool takes_any<Stage> = Stage::projects;
// The state that a stage has for an original of a shape, pm::states<pm::state<name, shape>...>; of none, pm::states<>.
template <class Stage, class Shape>
using state_of = typename detail::declared_state<Stage, Shape>::type;

namespace detail {

template <class Stage, class Shape, class T, class State>
inline constexpr bool right_inverse_exists = false;
template <class Stage, class Shape, class T, class... State>
inline constexpr bool right_inverse_exists<Stage, Shape, T, states<State...>> =
    has_right_inverse_for<Stage, symbol<Shape, T>, symbol<typename State::shape_type, T>...>;

}  // namespace detail

// Has the stage a right_inverse for values of this shape?
template <class Stage, class Shape, class T = float>
concept has_right_inverse = detail::right_inverse_exists<Stage, Shape, T, state_of<Stage, Shape>>;

}  // namespace paramorph::inline PARAMORPH_ABI
