// What the compiler says of a stage whose functions give what they must not: each check is a type that names the stage,
// what it gives and what was wanted, so that the names stand in the message.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/takes.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/parametrize/stage.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// How many tensors a stage's forward takes, given X as each of them; -1 where that is not to be found out.
template <class Stage, class X, class... More>
constexpr int parameters_of_forward() {
    if constexpr (forward_takes<Stage, More...>() || forward_in_mode_takes<Stage, mode::training, More...>())
        return sizeof...(More);
    else if constexpr (sizeof...(More) == 6)
        return -1;
    else
        return parameters_of_forward<Stage, X, More..., X>();
}
// Says why forward cannot be called with originals X and state S, unless the compiler has shown a mistake inside it.
template <class Stage, class X, class S>
struct forward_takes_originals;
template <class Stage, class X, class... More, class... S>
struct forward_takes_originals<Stage, std::tuple<X, More...>, std::tuple<S...>> {
    static constexpr bool said() {
        constexpr bool takes = forward_takes<Stage, X, More..., S...>() ||
                               forward_in_mode_takes<Stage, mode::training, X, More..., S...>();
        if constexpr (!names_forward<Stage>) {
            using wrong = mistake<sentence("parametrization: ", short_type_name<Stage>(),
                                           " has no forward: write `static constexpr auto forward(auto x)`")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!has_forward<Stage, mode::training, X, More..., S...> &&
                             requires(Stage s, X x, More... more, S... state) { s.forward(x, more..., state...); }) {
            using wrong = mistake<sentence("parametrization: forward of ", short_type_name<Stage>(),
                                           " must be static, as a stage holds no values: write `static constexpr auto "
                                           "forward(auto x)`; a number is a template argument of the stage")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!takes) {
            constexpr int parameters = parameters_of_forward<Stage, X, X>();
            if constexpr (parameters < 0) {
                using wrong = mistake<sentence(
                    "parametrization: forward of ", short_type_name<Stage>(),
                    " does not take traced tensors, which hold ",
                    "no numbers while compiling: write `static constexpr auto forward(auto x)`, with an auto for each ",
                    "original and each tensor of state, of which there are ", 1 + sizeof...(More) + sizeof...(S))>;
                using said [[maybe_unused]] = wrong::type;
            } else {
                using wrong = mistake<sentence(
                    "parametrization: forward of ", short_type_name<Stage>(), " takes ",
                    counted(parameters, " tensor").view(), ", given ", counted(1 + sizeof...(More), " original").view(),
                    sizeof...(S) > 0 ? " and " : "", counted(sizeof...(S) > 0 ? sizeof...(S) : -1, " state").view(),
                    ": originals are what right_inverse gives, pm::originals(a, b), or what `template <class Shape> "
                    "using "
                    "original_shapes = pm::shapes<...>` names; then comes each tensor of state")>;
                using said [[maybe_unused]] = wrong::type;
            }
        }
        return true;
    }
};

// Can a function of a stage be evaluated while compiling, given symbols X? It is called on symbols of no graph, which
// costs next to nothing, and where that fails on leaves of one.
template <class F, class... X>
constexpr bool rehearse_stage(graph* g) {
    int k = 0;
    auto const leaf = [&]<class S, class T>(symbol<S, T> none) { return g ? append_leaf<S, T>(*g, k++) : none; };
    F{}(leaf(X{})...);
    return true;
}
template <class F, class X, class... More>
constexpr bool trace_stage() {
    graph g = new_graph<typename X::value_type>();
    return rehearse_stage<F, X, More...>(&g);
}
template <class F, class... X>
concept runs_while_compiling = requires { typename std::bool_constant<rehearse_stage<F, X...>(nullptr)>; } ||
                               requires { typename std::bool_constant<trace_stage<F, X...>()>; };

// Is forward? Says so where not. X are its originals, S its state.
template <class Stage, mode M, class X, class S>
struct forward_runs;
template <class Stage, mode M, class... X, class... S>
struct forward_runs<Stage, M, std::tuple<X...>, std::tuple<S...>> {
    struct call {
        constexpr void operator()(auto... x) const { static_cast<void>(call_forward<Stage, M>(x...)); }
    };
    static constexpr bool holds() {
        constexpr bool can = runs_while_compiling<call, X..., S...>;
        if constexpr (!can) {
            using wrong = mistake<sentence("parametrization: forward of ", short_type_name<Stage>(),
                                           " cannot be evaluated while compiling: write `static constexpr auto "
                                           "forward(auto x)`, and constexpr for every function that it calls")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return can;
    }
};

// Is what a stage's forward gives a tensor of this shape and element type? The names tell which stage it is.
template <class Stage, class Result, class Shape, class T>
struct forward_gives {
    static constexpr bool holds() {
        using wrong = mistake<sentence(
            "parametrization: forward must return one traced tensor, made of its arguments by pm:: functions; that of ",
            short_type_name<Stage>(), " returns ", short_type_name<Result>())>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    }
};
template <class Stage, class S, class U, class O, class Shape, class T>
struct forward_gives<Stage, symbol<S, U, O>, Shape, T> {
    static constexpr bool holds() {
        if constexpr (!std::is_same_v<U, T>) {
            using wrong =
                mistake<sentence("parametrization: forward must not change the element type; that of ",
                                 short_type_name<Stage>(), " makes ", name_of_element<U>, " of ", name_of_element<T>)>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!std::is_same_v<S, Shape>) {
            using wrong = mistake<sentence(
                "parametrization: forward must not change the shape; where it is meant to, write pm::unsafe<stage>: "
                "that of ",
                short_type_name<Stage>(), " makes ", S::value, " of ", Shape::value)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return std::is_same_v<U, T> && std::is_same_v<S, Shape>;
    }
};
template <class Stage, class Result, class... State, class Shape, class T>
struct forward_gives<Stage, with_update<Result, State...>, Shape, T> : forward_gives<Stage, Result, Shape, T> {};

// Does right_inverse give tensors? `First`: of the first stage, which alone may have several originals, or others than
// the value in shape.
template <class Stage, class Result, class Shape, class T, bool First>
struct right_inverse_gives {
    static constexpr bool holds() {
        if constexpr (std::is_void_v<Result>) {
            using wrong =
                mistake<sentence("parametrization: right_inverse returns nothing; that of ", short_type_name<Stage>(),
                                 " must return a traced tensor, or several as pm::originals(a, b)")>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            using wrong = mistake<sentence(
                "parametrization: right_inverse must return a traced tensor, or several as pm::originals(a, b); that "
                "of ",
                short_type_name<Stage>(), " returns ", short_type_name<Result>())>;
            using said [[maybe_unused]] = wrong::type;
        }
        return false;
    }
};
template <class Stage, class S, class U, class O, class Shape, class T, bool First>
struct right_inverse_gives<Stage, symbol<S, U, O>, Shape, T, First> {
    static constexpr bool holds() {
        if constexpr (!std::is_same_v<U, T>) {
            using wrong =
                mistake<sentence("parametrization: right_inverse must not change the element type; that of ",
                                 short_type_name<Stage>(), " makes ", name_of_element<U>, " of ", name_of_element<T>)>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!First && !std::is_same_v<S, Shape>) {
            using wrong = mistake<sentence(
                "parametrization: right_inverse of a stage after the first must not change the shape; where it is "
                "meant to, write pm::unsafe<stage>: that of ",
                short_type_name<Stage>(), " makes ", S::value, " of ", Shape::value)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return std::is_same_v<U, T> && (First || std::is_same_v<S, Shape>);
    }
};
template <class Stage, class... X, class Shape, class T, bool First>
struct right_inverse_gives<Stage, std::tuple<X...>, Shape, T, First> {
    static constexpr bool holds() {
        if constexpr (!First) {
            using wrong =
                mistake<sentence("parametrization: only the first stage of a chain may have several originals; ",
                                 short_type_name<Stage>(), " has ", sizeof...(X))>;
            using said [[maybe_unused]] = wrong::type;
        }
        return First && (right_inverse_gives<Stage, X, Shape, T, true>::holds() && ...);
    }
};
template <class Stage, class Result, class... State, class Shape, class T, bool First>
struct right_inverse_gives<Stage, with_update<Result, State...>, Shape, T, First>
    : right_inverse_gives<Stage, Result, Shape, T, First> {};

// Does initial_state give a tensor for each of the stage's state, shape by shape?
template <class Stage, class List, class T, class Given>
struct begins_state {
    static constexpr bool holds() {
        using wrong = mistake<sentence("parametrization: initial_state of ", short_type_name<Stage>(), " must give ",
                                       counted(List::size, " traced tensor").view(), " of ", name_of_element<T>,
                                       ", as many as the stage has of state, and gives ", short_type_name<Given>(),
                                       ": several are a std::tuple")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    }
};
template <class Stage, class... State, class T, class... S, class... O>
    requires(sizeof...(State) == sizeof...(S))
struct begins_state<Stage, states<State...>, T, std::tuple<symbol<S, T, O>...>> {
    static constexpr bool holds() {
        constexpr bool fits = (std::is_same_v<typename State::shape_type, S> && ...);
        if constexpr (!fits) {
            using wrong = mistake<sentence(
                "parametrization: initial_state must give each tensor of state in its own shape; that of ",
                short_type_name<Stage>(), " gives ", listed(S::value...).view(), " instead of ",
                listed(State::shape_type::value...).view())>;
            using said [[maybe_unused]] = wrong::type;
        }
        return fits;
    }
};

// Does right_inverse give the originals whose shapes a stage names, or the one that it may change the shape of?
template <class Stage, class Named, class Given>
struct gives_named_originals;
template <class Stage, class... Named, class... Given>
struct gives_named_originals<Stage, std::tuple<Named...>, std::tuple<Given...>> {
    static constexpr bool holds() {
        constexpr bool same =
            std::is_same_v<shapes<typename Named::shape_type...>, shapes<typename Given::shape_type...>>;
        if constexpr (!same) {
            using wrong = mistake<sentence(
                "parametrization: right_inverse of ", short_type_name<Stage>(), " must give its originals, of ",
                listed(Named::shape_type::value...).view(), ", and gives ", listed(Given::shape_type::value...).view(),
                ": give those; the shapes of several are those that `original_shapes` names")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return same;
    }
};

// Does a stage update all of its state, shape by shape?
template <class Stage, class List, class... New>
struct updates_state {
    static constexpr bool holds() {
        using wrong = mistake<sentence(
            "parametrization: pm::updated must give a new tensor for each tensor of the stage's state; that of ",
            short_type_name<Stage>(), " gives ", sizeof...(New), " instead of ", List::size)>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    }
};
template <class Stage, class... State, class... New>
    requires(sizeof...(State) == sizeof...(New))
struct updates_state<Stage, states<State...>, New...> {
    static constexpr bool holds() {
        constexpr bool fits = (std::is_same_v<typename State::shape_type, typename New::shape_type> && ...);
        if constexpr (!fits) {
            using wrong = mistake<sentence(
                "parametrization: pm::updated must give each tensor of state in its own shape; that of ",
                short_type_name<Stage>(), " gives ", listed(New::shape_type::value...).view(), " instead of ",
                listed(State::shape_type::value...).view())>;
            using said [[maybe_unused]] = wrong::type;
        }
        return fits;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
