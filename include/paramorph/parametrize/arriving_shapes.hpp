// The shapes along a chain. All are the tensor's own, unless a stage is `unsafe`: then each is what the stages before
// it make.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/stage_types.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Shapes, class T>
struct symbols_of_shapes;
template <class... Shape, class T>
struct symbols_of_shapes<shapes<Shape...>, T> {
    using type = std::tuple<symbol<Shape, T>...>;
};

// The originals of a first stage that changes the shape of tensors of this one, or that names them.
template <class Stage, class Shape, class T>
struct named_originals {
    using type = std::tuple<symbol<Shape, T>>;
};
template <class Stage, class Shape, class T>
    requires requires { typename Stage::template original_shapes<Shape>; }
struct named_originals<Stage, Shape, T> {
    using type = typename symbols_of_shapes<typename Stage::template original_shapes<Shape>, T>::type;
};

// The shape that an unsafe stage makes of tensors X, given its state.
template <class Stage, class T, class Originals, class State>
struct shape_made;
template <class Stage, class T, class... X, class... State>
struct shape_made<Stage, T, std::tuple<X...>, states<State...>> {
    static constexpr auto made() {
        auto const y = call_forward<Stage, mode::inference>(X{}..., symbol<typename State::shape_type, T>{}...);
        if constexpr (is_update<decltype(y)>)
            return typename decltype(y.result)::shape_type{};
        else
            return typename decltype(y)::shape_type{};
    }
    using type = decltype(made());
};
// The shapes along a chain in which a stage may change it: of what arrives at each stage, then of the value.
template <class T, class Done, class Now, class... Stages>
struct shapes_along;
template <class T, class... Done, class Now>
struct shapes_along<T, shapes<Done...>, Now> {
    using type = std::tuple<Done..., Now>;
};
template <class T, class... Done, class Now, class Stage, class... Rest>
struct shapes_along<T, shapes<Done...>, Now, Stage, Rest...> : shapes_along<T, shapes<Done..., Now>, Now, Rest...> {};
template <class T, class... Done, class Now, class Stage, class... Rest>
    requires is_unsafe<Stage>
struct shapes_along<T, shapes<Done...>, Now, Stage, Rest...>
    : shapes_along<
          T, shapes<Done..., Now>,
          typename shape_made<Stage, T,
                              std::conditional_t<sizeof...(Done) == 0, typename named_originals<Stage, Now, T>::type,
                                                 std::tuple<symbol<Now, T>>>,
                              state_of<Stage, Now>>::type,
          Rest...> {};

template <bool MayChange, class T, class Shape, class... Stages>
struct arriving_shapes {
    template <int>
    using at = Shape;
};
template <class T, class Shape, class... Stages>
struct arriving_shapes<true, T, Shape, Stages...> {
    template <int I>
    using at = std::tuple_element_t<I, typename shapes_along<T, shapes<>, Shape, Stages...>::type>;
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
