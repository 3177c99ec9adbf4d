// A chain applied to tensors of one shape: how many originals it has, of which shapes, and its two directions as
// tracing functions. What is known of its stages (their state, the grade of the chain): chain_stages.hpp. Cost: none at
// run time. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <tuple>
#include <utility>

#include "paramorph/op/base.hpp"
#include "paramorph/parametrize/chain_stages.hpp"
#include "paramorph/parametrize/stage_checks.hpp"
#include "paramorph/parametrize/trial.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// A chain over originals of a shape, in numbers of T. `original_count`, `original_shape<i>`, `value_shape`;
// `forward(x...)` and `invert(y)`, from symbols to symbols; `stage<i>`.
template <class Chain, class Shape, real T = float>
struct chain_traits;

template <class... Stages, class Shape, real T>
struct chain_traits<chain<Stages...>, Shape, T>
    : detail::after<detail::try_stages<Shape, T>(std::type_identity<chain<Stages...>>{}),
                    detail::chain_stages<chain<Stages...>, Shape, T>> {
  private:
    using in = detail::chain_stages<chain<Stages...>, Shape, T>;

  public:
    using in::size, in::state_count;
    using typename in::places;
    using typename in::positions;
    using typename in::value_symbol;
    template <int I>
    using stage = typename in::template stage<I>;
    template <int I>
    using stage_state = typename in::template stage_state<I>;
    template <int I>
    using arriving_shape = typename in::template arriving_shape<I>;
    template <int I, class X>
    using types_of = typename in::template types_of<I, X>;
    template <int I, class S>
    using right_inverse_type = typename in::template right_inverse_type<I, S>;

    // Right inverse of stages I, ..., 0: a tuple of originals.
    static constexpr auto invert(value_symbol y, places& s) { return invert_from<size - 1>(y, s); }
    static constexpr auto invert(value_symbol y)
        requires(state_count == 0)
    {
        places none;
        return invert(y, none);
    }

  private:
    // Calls f with the symbols of stage I's state.
    template <int I, class F>
    static constexpr decltype(auto) with_state([[maybe_unused]] ir::graph* g, [[maybe_unused]] places const& s, F f) {
        if constexpr (stage_state<I>::size == 0)
            return f();
        else
            return [&]<class... State, int... K>(states<State...>, std::integer_sequence<int, K...>) -> decltype(auto) {
                return f(symbol<typename State::shape_type, T>{g, s.now[in::template first_state<I>() + K]}...);
            }(stage_state<I>{}, std::make_integer_sequence<int, stage_state<I>::size>{});
    }
    // Notes what the state becomes, and answers with the result alone.
    template <int I, class R>
    static constexpr auto without_update(R r, [[maybe_unused]] places& s) {
        if constexpr (detail::is_update<R>) {
            [&]<class V, class... New>(detail::with_update<V, New...> const& u) {
                if constexpr (detail::updates_state<stage<I>, stage_state<I>, New...>::holds())
                    std::apply([&](auto... n) { set<I>(s.next, n...); }, u.state);
            }(r);
            return r.result;
        } else
            return r;
    }
    template <int I>
    static constexpr void set(int* to, auto... x) {
        int k = in::template first_state<I>();
        ((to[k++] = x.id), ...);
    }

    // Are the shapes of the originals those that the first stage names, or of one that may change the shape?
    static constexpr bool names_originals = [] {
        if constexpr (size == 0)
            return false;
        else
            return requires { typename stage<0>::template original_shapes<Shape>; } || detail::is_unsafe<stage<0>>;
    }();

    template <int I>
    static constexpr auto invert_stage(auto y, places& s) {
        using result = right_inverse_type<I, typename decltype(y)::shape_type>;
        constexpr bool first = I == 0;
        if constexpr (detail::right_inverse_gives<stage<I>, result, arriving_shape<I>, T, first>::holds()) {
            auto const x = detail::as_tuple(without_update<I>(
                with_state<I>(y.traced, s,
                              [&](auto... state) { return detail::call_right_inverse<stage<I>>(y, state...); }),
                s));
            using given = std::remove_const_t<decltype(x)>;
            using named = std::conditional_t<first && names_originals,
                                             typename detail::named_originals<stage<0>, Shape, T>::type, given>;
            if constexpr (detail::gives_named_originals<stage<I>, named, given>::holds())
                return std::apply([](auto... o) { return std::tuple{detail::without_history(o)...}; }, x);
            else
                return named{};
        } else
            return std::tuple<symbol<arriving_shape<I>, T>>{};
    }
    template <int I, class X>
    static constexpr auto invert_from(X y, places& s) {
        if constexpr (I < 0)
            return std::tuple<X>{y};
        else if constexpr (I == 0)
            return invert_stage<0>(y, s);
        else
            return invert_from<I - 1>(std::get<0>(invert_stage<I>(y, s)), s);
    }

    // What the state begins as, where `s.now` is noise.
    template <int I, class... X>
    static constexpr void begin(places& s, X... x) {
        ir::graph* const g = std::get<0>(std::tuple{x...}).traced;
        using types = types_of<I, std::tuple<X...>>;
        if constexpr (types::begins) {
            if constexpr (detail::begins_state<stage<I>, stage_state<I>, T, decltype(types::first_state())>::holds())
                with_state<I>(g, s, [&](auto... noise) {
                    std::apply([&](auto... n) { set<I>(s.now, n...); },
                               detail::as_tuple(stage<I>::initial_state(x..., noise...)));
                });
        } else
            with_state<I>(g, s, [&](auto... noise) {
                int const zero = append_constant(*g, 0);
                int k = in::template first_state<I>();
                ((s.now[k++] =
                      push_with<op::broadcast_to>(*g, op::attributes_of(decltype(noise)::shape_type::value), zero)),
                 ...);
            });
    }

    // Forward through stages I, ...
    template <mode M, bool Begin, int I, class... X>
    static constexpr value_symbol apply_from([[maybe_unused]] places& s, X... x) {
        if constexpr (I == size)
            return detail::without_history(x...);
        else {
            using stage = stage<I>;
            using types = types_of<I, std::tuple<X...>>;
            constexpr bool takes = types::callable, has_state = stage_state<I>::size > 0;
            ir::graph* const g = std::get<0>(std::tuple{x...}).traced;
            if constexpr (takes) {
                if constexpr (Begin && has_state) begin<I>(s, x...);
                using result = typename types::template result<M>;
                if constexpr (!detail::forward_gives<stage, result, arriving_shape<I + 1>, T>::holds())
                    return {g, 0};
                else if constexpr (!types::template runs<M>())
                    return {g, 0};
                else if constexpr (!has_state && !detail::is_update<result>)  // as most stages are
                    return apply_from<M, Begin, I + 1>(s,
                                                       detail::without_history(detail::call_forward<stage, M>(x...)));
                else {
                    auto const call = [&](auto... state) { return detail::call_forward<stage, M>(x..., state...); };
                    return apply_from<M, Begin, I + 1>(
                        s, detail::without_history(without_update<I>(with_state<I>(g, s, call), s)));
                }
            } else {
                types::say_why();
                return {g, 0};
            }
        }
    }

    static constexpr auto original_symbols() {
        if constexpr (size == 0)
            return std::tuple<value_symbol>{};
        else if constexpr (names_originals)
            return typename detail::named_originals<stage<0>, Shape, T>::type{};
        else if constexpr (has_right_inverse<stage<0>, Shape, T>)
            return decltype(invert_stage<0>(std::declval<symbol<Shape, T>>(), std::declval<places&>())){};
        else
            return std::tuple<symbol<Shape, T>>{};
    }

  public:
    using originals = decltype(original_symbols());
    static constexpr int original_count = std::tuple_size_v<originals>;
    // Are they called original0, original1, ... (as right_inverse gives a tuple of them), or just original?
    static constexpr bool numbered_originals = [] {
        if constexpr (size == 0)
            return false;
        else if constexpr (has_right_inverse<stage<0>, arriving_shape<1>, T>)
            return detail::gives_tuple<right_inverse_type<0, arriving_shape<1>>>;
        else
            return original_count > 1;
    }();
    template <int K>
    using original_shape = typename std::tuple_element_t<K, originals>::shape_type;

    // From originals to the value; `s` holds the state, and notes what it becomes.
    template <mode M, class... X>
    static constexpr value_symbol forward(places& s, X... x) {
        return apply_from<M, false, 0>(s, detail::without_history(x)...);
    }
    template <class... X>
    static constexpr value_symbol forward(X... x)
        requires(state_count == 0)
    {
        places none;
        return forward<mode::inference>(none, x...);
    }
    // The same, where `s` is noise at first and what the state begins as in the end.
    template <class... X>
    static constexpr value_symbol begin_state(places& s, X... x) {
        return apply_from<mode::inference, true, 0>(s, detail::without_history(x)...);
    }

  private:
    template <int I>
    static constexpr auto inputs_of_stage() {
        if constexpr (I == 0)
            return originals{};
        else
            return std::tuple<symbol<arriving_shape<I>, T>>{};
    }
    template <int I>
    static constexpr bool forward_fits() {
        using types = types_of<I, decltype(inputs_of_stage<I>())>;
        if constexpr (types::callable)
            return detail::forward_gives<stage<I>, typename types::template result<mode::training>,
                                         arriving_shape<I + 1>, T>::holds();
        else {
            types::say_why();
            return false;
        }
    }

  public:
    // Does every stage give what the next one takes? Where not, the compiler says which.
    static constexpr bool fits() {
        return []<int... I>(std::integer_sequence<int, I...>) { return (forward_fits<I>() && ...); }(positions{});
    }
    // All operations of either direction.
    template <class Positions>
    struct operations_forward;
    template <int... I>
    struct operations_forward<std::integer_sequence<int, I...>> {
        using type = join<base_operations, typename types_of<I, decltype(inputs_of_stage<I>())>::operations...>;
    };
    using forward_operations = typename operations_forward<positions>::type;
    static constexpr auto inverse_operation_list() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            return join<base_operations, detail::operations_in<right_inverse_type<I, arriving_shape<I + 1>>>...>{};
        }(positions{});
    }
    static constexpr auto begin_operation_list() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            return join<forward_operations,
                        typename types_of<I, decltype(inputs_of_stage<I>())>::begin_operations...>{};
        }(positions{});
    }
    // The name of the first stage without a right_inverse; empty where every stage has one.
    static constexpr std::string_view stage_without_right_inverse() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            std::string_view name;
            ((stage_grade<stage<I>, arriving_shape<I + 1>, T>() == grade::none && name.empty()
                  ? void(name = detail::short_type_name<stage<I>>())
                  : void()),
             ...);
            return name;
        }(positions{});
    }

    // Does training compute anything else than inference?
    static constexpr bool depends_on_mode = []<int... I>(std::integer_sequence<int, I...>) {
        return (types_of<I, decltype(inputs_of_stage<I>())>::takes_mode || ...) || state_count > 0;
    }(positions{});
};

// Can a tensor of this shape under P be assigned? P is a stage or a chain.
template <class P, class Shape, class T = float, grade = detail::grade_of_first<P, Shape, T>()>
concept right_invertible = (chain_traits<chain_of<P>, Shape, T>::inverse != grade::none);

// The grade of P's inverse.
template <class P, class Shape, class T = float>
inline constexpr grade inverse_grade = chain_traits<chain_of<P>, Shape, T>::inverse;

// A type that can be used as parametrization of tensors of this shape. The arguments that are not given try the first
// stage, so that its mistake is shown from the line that asks.
template <class P, class Shape, class T = float, std::size_t = sizeof(detail::first_of<P>),
          class = typename detail::state_namer<detail::first_of<P>, Shape>::template state<Shape>,
          class = typename detail::shapes_namer<detail::first_of<P>, Shape>::template original_shapes<Shape>,
          class Tried = detail::first_tried<detail::first_of<P>, Shape, T>,
          class Undone = decltype(std::declval<typename Tried::undone>().right_inverse(typename Tried::shown{})),
          class = decltype(std::declval<typename Tried::template made<Undone>>().forward(typename Tried::shown{})),
          bool = detail::try_stages<Shape, T>(std::type_identity<chain_of<P>>{})>
concept parametrization = (chain_traits<chain_of<P>, Shape, T>::original_count > 0);

}  // namespace paramorph::inline PARAMORPH_ABI
