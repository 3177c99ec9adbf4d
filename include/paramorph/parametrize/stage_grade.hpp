// The grade that a stage declares, and what the compiler says of a stage whose right_inverse is written in a way that
// it would not be found or could not run, or whose grade or sets are something else.
//
// Errors: those. Cost: nothing at run time. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/stage_checks.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Has a stage a member of this name?
struct right_inverse_of_rival {
    int right_inverse, only_of_rival;
};
template <class Stage>
struct both_right_inverses : Stage, right_inverse_of_rival {};
template <class Stage>
inline constexpr bool names_right_inverse = !requires { &both_right_inverses<Stage>::right_inverse; };

// As `rival`, of a stage's right_inverse.
struct rival_way_back {
    template <class, class = void>
    static int right_inverse();
    template <class A, class = void>
    static int right_inverse(A);
    template <class A, class B, class = void>
    static int right_inverse(A, B);
    template <class A, class B, class C, class = void>
    static int right_inverse(A, B, C);
};
template <class Stage>
struct contest_back : Stage, rival_way_back {
    using Stage::right_inverse, rival_way_back::right_inverse;
};
template <class Stage, class... X>
concept rival_way_back_wins = requires(contest_back<Stage> const& f, X... x) { f.right_inverse(x...); };

// Says why a right_inverse that a stage names is not one for values Y. It may be that it is constrained to others.
template <class Stage, class Y, class State>
struct way_back_takes;
template <class Stage, class Y, class... S>
struct way_back_takes<Stage, Y, states<S...>> {
    template <class... X>
    static constexpr int takes() {
        if constexpr (sizeof...(X) > 3)
            return -1;
        else if constexpr (!rival_way_back_wins<Stage, X...>)
            return sizeof...(X);
        else
            return takes<X..., asked<Y>>();
    }
    static constexpr void say_why() {
        if constexpr (
            requires(Stage s, Y y) { s.right_inverse(y); } ||
            requires(Stage s, Y y, symbol<typename S::shape_type, typename Y::value_type>... state) {
                s.right_inverse(y, state...);
            }) {
            using wrong = mistake<sentence("parametrization: right_inverse of ", short_type_name<Stage>(),
                                           " must be static, as a stage holds no values: write `static constexpr auto "
                                           "right_inverse(auto y)`; a number is a template argument of the stage")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (constexpr int parameters = takes<asked<Y>>(); parameters >= 0) {
            using wrong = mistake<sentence(
                "parametrization: right_inverse of ", short_type_name<Stage>(), " takes ",
                counted(parameters, " tensor").view(), ", given 1 value", sizeof...(S) > 0 ? " and " : "",
                counted(sizeof...(S) > 0 ? sizeof...(S) : -1, " state").view(),
                ": write `static constexpr auto right_inverse(auto y)`, with an auto more for each tensor of state")>;
            using said [[maybe_unused]] = wrong::type;
        }
    }
};

template <class Stage, class Shape, class T, class State>
struct way_back;
template <class Stage, class Shape, class T, class... S>
struct way_back<Stage, Shape, T, states<S...>> {
    struct call {
        constexpr void operator()(auto... x) const { static_cast<void>(call_right_inverse<Stage>(x...)); }
    };
    // Can it be evaluated while compiling? Says so where it cannot.
    static constexpr bool runs() {
        constexpr bool can = runs_while_compiling<call, symbol<Shape, T>, symbol<typename S::shape_type, T>...>;
        if constexpr (!can) {
            using wrong = mistake<sentence(
                "parametrization: right_inverse of ", short_type_name<Stage>(),
                " cannot be evaluated while compiling: write `static constexpr auto right_inverse(auto y)`, and "
                "constexpr for every function that it calls")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return can;
    }
};

// Are what a stage declares as its domain and codomain sets? True; says so where not.
template <class Stage>
constexpr bool declares_sets() {
    constexpr bool domain = requires { typename domain_of<Stage>::within; };
    constexpr bool codomain = requires { typename codomain_of<Stage>::within; };
    if constexpr (!domain || !codomain) {
        using wrong =
            mistake<sentence("parametrization: the ", domain ? "codomain" : "domain", " of ", short_type_name<Stage>(),
                             " must be a set of tensors, and is ",
                             short_type_name<std::conditional_t<domain, codomain_of<Stage>, domain_of<Stage>>>(),
                             ": write `using ", domain ? "codomain" : "domain",
                             " = pm::set::positive`, another of pm::set, or one of your own, which names the sets "
                             "`within` which it is")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return true;
}
// Is what a stage declares as the grade of its inverse one, and is there an inverse? Says so where not.
template <class Stage>
constexpr bool declares_grade() {
    constexpr bool is_grade = std::is_same_v<std::remove_cvref_t<decltype(Stage::inverse)>, grade>;
    if constexpr (!is_grade) {
        using wrong = mistake<sentence("parametrization: inverse of ", short_type_name<Stage>(),
                                       " must be a grade: write `static constexpr auto inverse = pm::grade::right`, or "
                                       "bijective, or leave it out, which is on_image")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return is_grade;
}
// Says why a stage has no right_inverse, where it looks as if it should have one.
template <class Stage, class Shape, class T>
constexpr void say_why_none() {
    if constexpr (names_right_inverse<Stage>)
        way_back_takes<Stage, symbol<Shape, T>, state_of<Stage, Shape>>::say_why();
    else if constexpr (requires { requires Stage::inverse != grade::none; }) {
        using wrong = mistake<sentence("parametrization: ", short_type_name<Stage>(),
                                       " declares the grade of an inverse, `inverse`, and has no right_inverse: write "
                                       "`static constexpr auto right_inverse(auto y)`, or leave `inverse` out")>;
        using said [[maybe_unused]] = wrong::type;
    }
}

// What a stage declares, asked before its sets are looked at and anything of it is evaluated: a mistake in them is
// another one.
template <class Stage, class Shape, class T>
constexpr grade declared_grade() {
    if constexpr (!has_right_inverse<Stage, Shape, T>) {
        if constexpr (std::is_class_v<Stage> && !std::is_final_v<Stage>) say_why_none<Stage, Shape, T>();
        return grade::none;
    } else if constexpr (requires { Stage::inverse; }) {
        if constexpr (declares_grade<Stage>())
            return Stage::inverse;
        else
            return grade::on_image;
    } else
        return grade::on_image;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI {

// The grade a stage declares; on_image if it declares none but has a right_inverse.
template <class Stage, class Shape, class T = float>
constexpr grade stage_grade() {
    static_cast<void>(detail::declares_sets<Stage>());
    constexpr grade declared = detail::declared_grade<Stage, Shape, T>();
    if constexpr (declared != grade::none)
        static_cast<void>(detail::way_back<Stage, Shape, T, state_of<Stage, Shape>>::runs());
    return declared;
}

}  // namespace paramorph::inline PARAMORPH_ABI
