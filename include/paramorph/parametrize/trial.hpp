// A first trial of a chain's stages, where a tensor or a question about a chain begins: a mistake inside of a stage is
// found here, few templates below the user's line, so that the compiler's message is short. What a trial does not reach
// (a stage that names its originals, changes shapes, has modes or more than one tensor of state) is found later on.
//
// Errors: those of the stage. Cost: nothing at run time. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/chain.hpp"
#include "paramorph/parametrize/stage_grade.hpp"
#include "paramorph/parametrize/stage_types.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Is the class without a mistake? Where a static_assert of it failed, clang knows no member behind that.
template <class Stage>
inline constexpr bool is_whole = requires { &both_right_inverses<Stage>::only_of_rival; };
// As forward_or_none, of a stage's right_inverse.
template <class Stage, bool Named>
struct right_inverse_or_none : Stage {
    using Stage::right_inverse;
    static none_such right_inverse(...);
};
template <class Stage>
struct right_inverse_or_none<Stage, false> {
    static none_such right_inverse(...);
};

// The tensors of a stage's state, up to two.
template <class List, class T>
struct shown_states;
template <class State, class T>
struct shown_states<states<State>, T> {
    using first = symbol<typename State::shape_type, T>;
};
template <class State, class Other, class T>
struct shown_states<states<State, Other>, T> : shown_states<states<State>, T> {
    using second = symbol<typename Other::shape_type, T>;
};
// Has a stage whose right_inverse gives this one original, of the value's shape?
template <class Given, class X>
inline constexpr bool one_original = false;
template <class X>
inline constexpr bool one_original<none_such, X> = true;
template <class S, class T, class A, class B>
inline constexpr bool one_original<symbol<S, T, A>, symbol<S, T, B>> = true;
template <class Result, class... State, class X>
inline constexpr bool one_original<with_update<Result, State...>, X> = one_original<Result, X>;

// Does a result update the stage's state, all of it, where it does?
template <class Stage, class State, class Result>
struct update_fits {
    static constexpr bool holds() { return true; }
};
template <class Stage, class State, class Result, class... New>
struct update_fits<Stage, State, with_update<Result, New...>> : updates_state<Stage, State, New...> {};
// A stage that says which shapes its originals have is tried later on: with those.
template <template <class> class>
struct names_shapes {};
// Whose `state` and `original_shapes` are named, where a stage has them, so that what they refuse is shown from there.
struct no_shapes {
    template <class>
    using state = states<>;
    template <class>
    using original_shapes = states<>;
};
template <class Stage, class Shape>
using state_namer =
    std::conditional_t<is_shape<Shape>&& requires { names_shapes<Stage::template state>{}; }, Stage, no_shapes>;
// Of a stage whose `original_shapes` may name none, or are not asked for, this is specialized.
template <class Stage, class Shape>
inline constexpr bool names_its_shapes = true;
template <class Stage, class Shape>
using shapes_namer = std::conditional_t<is_shape<Shape> && names_its_shapes<Stage, Shape>&& requires {
    names_shapes<Stage::template original_shapes>{};
}, Stage, no_shapes>;
template <class Stage, class Shape>
concept can_be_tried = !std::is_final_v<Stage> && is_whole<Stage> && !requires {
    names_shapes<Stage::template original_shapes>{};
} && state_of<Stage, Shape>::size <= 2;

// Behind another stage it is tried in training, with the one tensor that comes.
template <class Stage, class Shape>
concept takes_no_single_original =
    !std::is_final_v<Stage> && is_whole<Stage> && !std::is_same_v<shapes_namer<Stage, Shape>, no_shapes>;

// True. The first stage is tried here, each other one function deeper.
template <class Shape, class T, bool First = true, class Stage, class... Rest>
constexpr bool try_stages(std::type_identity<chain<Stage, Rest...>>) {
    if constexpr (is_shape<Shape> && std::is_class_v<Stage> && !(is_unsafe<Stage> || ... || is_unsafe<Rest>)) {
        using size [[maybe_unused]] = char[sizeof(Stage)];  // mistakes of the class itself
        using state [[maybe_unused]] = typename state_namer<Stage, Shape>::template state<Shape>;
        if constexpr (First)
            using originals [[maybe_unused]] = typename shapes_namer<Stage, Shape>::template original_shapes<Shape>;
        if constexpr (can_be_tried<Stage, Shape>) {
            using X = symbol<Shape, T>;
            using undone = right_inverse_or_none<Stage, names_right_inverse<Stage>> const&;
            using tried = forward_or_none<Stage> const&;
            if constexpr (state_of<Stage, Shape>::size == 0) {
                using types = stage_types<Stage, std::tuple<X>, std::tuple<>>;
                using original = decltype(std::declval<undone>().right_inverse(X{}));
                if constexpr (one_original<original, X>) {
                    using made = decltype(std::declval<tried>().forward(X{}));
                    if constexpr (std::is_same_v<made, none_such>)
                        using in_mode [[maybe_unused]] =
                            decltype(std::declval<tried>().template forward<mode::training>(X{}));
                    if constexpr (!types::callable)
                        types::say_why();
                    else if constexpr (!forward_gives<Stage, typename types::template result<mode::training>, Shape,
                                                      T>::holds())
                        return true;
                } else if constexpr (First && requires(X&& y) { Stage::right_inverse(y); })
                    if constexpr (!right_inverse_gives<Stage, original, Shape, T, true>::holds()) return true;
                if constexpr (!First && !std::is_same_v<original, none_such>)
                    if constexpr (!right_inverse_gives<Stage, original, Shape, T, false>::holds()) return true;
            } else {
                using S = shown_states<state_of<Stage, Shape>, T>;
                constexpr auto takes_one = []<class Original>(std::type_identity<Original>) {
                    return one_original<Original, X> &&
                           !(std::is_same_v<Original, none_such> && names_right_inverse<Stage>);
                };
                if constexpr (state_of<Stage, Shape>::size == 1) {
                    using original = decltype(std::declval<undone>().right_inverse(X{}, typename S::first{}));
                    if constexpr (takes_one(std::type_identity<original>{}))
                        if constexpr (!update_fits<Stage, state_of<Stage, Shape>,
                                                   decltype(std::declval<tried>().forward(
                                                       X{}, typename S::first{}))>::holds())
                            return true;
                } else {
                    using original =
                        decltype(std::declval<undone>().right_inverse(X{}, typename S::first{}, typename S::second{}));
                    if constexpr (takes_one(std::type_identity<original>{}))
                        if constexpr (!update_fits<Stage, state_of<Stage, Shape>,
                                                   decltype(std::declval<tried>().forward(
                                                       X{}, typename S::first{}, typename S::second{}))>::holds())
                            return true;
                }
            }
            using declared [[maybe_unused]] = std::integral_constant<grade, declared_grade<Stage, Shape, T>()>;
        }
        if constexpr (!First && takes_no_single_original<Stage, Shape>)
            using behind [[maybe_unused]] =
                decltype(std::declval<forward_or_none<Stage> const&>().template forward<mode::training>(
                    symbol<Shape, T>{}));
        return (detail::try_stages<Shape, T, false>(std::type_identity<chain<Rest>>{}) && ...);
    } else if constexpr (is_shape<Shape> && !std::is_class_v<Stage>)
        stage_types<Stage, std::tuple<symbol<Shape, T>>, std::tuple<>>::say_why();
    return true;
}
template <class Shape, class T>
constexpr bool try_stages(std::type_identity<chain<>>) {
    return true;
}
// Of an unsafe stage, which may change the shape, only what forward makes of the shape that it is given.
template <class Shape, class T, class Stage, class... Rest>
constexpr bool try_stages(std::type_identity<chain<unsafe<Stage>, Rest...>>) {
    if constexpr (is_shape<Shape> && std::is_class_v<Stage>)
        if constexpr (can_be_tried<Stage, Shape>)
            if constexpr (state_of<Stage, Shape>::size == 0)
                using made [[maybe_unused]] =
                    decltype(std::declval<forward_or_none<Stage> const&>().forward(symbol<Shape, T>{}));
    return true;
}
template <class Chain>
inline constexpr bool is_chain = false;
template <class... Stages>
inline constexpr bool is_chain<chain<Stages...>> = true;
template <class Shape, class T, class Other>
    requires(!is_chain<Other>)
constexpr bool try_stages(std::type_identity<Other>) {
    if constexpr (is_shape<Shape>) {
        using wrong = mistake<sentence("tensor: the second argument must be a chain of stages: write pm::tensor<pm::",
                                       short_type_name<Shape>(), ", pm::chain<", short_type_name<Other>(), ">>")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return true;
}
// What is tried of a chain's first stage before all else, where it has no state: its right_inverse and its forward, on
// a symbol. Who writes the two calls into a declaration of its own is then the only template between the user's line
// and the stage.
struct nothing_to_try {
    static none_such right_inverse(...);
    static none_such forward(...);
};
template <class Chain>
struct first_of_chain {
    using type = nothing_to_try;
};
template <class Stage, class... Rest>
struct first_of_chain<chain<Stage, Rest...>> {
    using type = std::conditional_t<std::is_class_v<Stage> && !(is_unsafe<Stage> || ... || is_unsafe<Rest>), Stage,
                                    nothing_to_try>;
};
template <class P>
using first_of = typename first_of_chain<chain_of<P>>::type;

// The grade of the first stage, where it can be tried: what is wrong with it is shown from the line that asks for a
// chain's.
template <class P, class Shape, class T>
constexpr grade grade_of_first() {
    if constexpr (is_shape<Shape> && !std::is_same_v<first_of<P>, nothing_to_try>)
        if constexpr (can_be_tried<first_of<P>, Shape>) return stage_grade<first_of<P>, Shape, T>();
    return grade::none;
}

template <class Stage, class Shape>
concept tried_at_once = is_shape<Shape> && can_be_tried<Stage, Shape> && state_of<Stage, Shape>::size == 0;
template <class Stage, class Shape, class T>
struct first_tried {
    using shown = int;
    using undone = nothing_to_try;
    template <class>
    using made = nothing_to_try;
};
template <class Stage, class Shape, class T>
    requires tried_at_once<Stage, Shape>
struct first_tried<Stage, Shape, T> {
    using shown = symbol<Shape, T>;
    using undone = right_inverse_or_none<Stage, names_right_inverse<Stage>>;
    template <class Undone>
    using made = std::conditional_t<one_original<Undone, shown>, forward_or_none<Stage>, nothing_to_try>;
};

// What a tensor goes on with.
template <class Chain>
using chain_or_none = std::conditional_t<is_chain<Chain>, Chain, chain<>>;

// M, after a trial.
template <bool, class M>
using after = M;

// T, or float where it is no type of elements.
template <class T>
constexpr bool is_element_type_of_tensors() {
    if constexpr (!real<T>) {
        using wrong = mistake<sentence("element type: a tensor of a network has elements of float or double, ",
                                       short_type_name<T>(),
                                       " is given: write pm::element_type<float> or pm::element_type<double>; labels, "
                                       "which are std::int32_t, are inputs; fewer bits are for pm::stored_as")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return true;
}
template <class T>
using real_or_float = after<is_element_type_of_tensors<T>(), std::conditional_t<real<T>, T, float>>;

}  // namespace paramorph::inline PARAMORPH_ABI::detail
