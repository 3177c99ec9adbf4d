// A product whose parts have state, or several originals: as a stage that knows the shape of its tensor, without which
// it is not known which of the tensors given are whose. Part of param/product.hpp, which a chain of such a product
// becomes a chain of. Its originals are those of the parts, one after the other, then comes their state, each tensor
// named by its part, and by its stage in a part of several: "0.base", "1.0.mask". Errors: those of its parts. Cost: that
// of the parts. Source: geotorch.ProductManifold, a torch.nn.ModuleList of manifolds.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "paramorph/op/concatenate.hpp"
#include "paramorph/parametrize/product_sets.hpp"
#include "paramorph/parametrize/traits.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// A part of a product: its chain, of tensors of the shape of its rows.
template <class Part>
struct product_part {
    static constexpr int begin = 0, end = 1;
    using chain_type = chain<>;
    using set_rows = rows<0, 1, set::real>;
};
template <int Begin, int End, class... Stages>
struct product_part<rows<Begin, End, Stages...>> {
    static constexpr int begin = Begin, end = End;
    using chain_type = chain_of<Stages...>;
    using set_rows = rows<Begin, End, typename chain_type::codomain>;
};
template <class Part, class Shape>
using product_part_shape = shape_by<shape_with_rows<Shape, product_part<Part>::end - product_part<Part>::begin>>;
template <class Part, class Shape, class T = float>
using product_part_traits = chain_traits<typename product_part<Part>::chain_type, product_part_shape<Part, Shape>, T>;

// A tensor of state of part Position, of stage Stage of several (-1 of one), which begins as that stage says.
template <class State, int Position, int Stage, int Rounds, bool Anew>
struct state_of_part {
  private:
    static constexpr sentence text = [] {
        sentence s("", Position, ".");
        if (Stage >= 0) s.append(Stage, ".");
        s.append(State::name);
        return s;
    }();

  public:
    using shape_type = typename State::shape_type;
    static constexpr std::string_view name = text.view();
    static constexpr int initial_rounds = Rounds;
    static constexpr bool begins_anew = Anew;
};
template <class Traits, int Position>
struct states_of_part {
    template <int I>
    using own = typename Traits::template stage_state<I>;
    template <int I, class State>
    using named = state_of_part<State, Position, (Traits::size > 1 ? I : -1), Traits::template rounds_of<I, State>(),
                                Traits::template begins_anew<I, State>()>;
    template <int I, class... State>
    static states<named<I, State>...> of_stage(states<State...>);
    template <int... I>
    static auto all(std::integer_sequence<int, I...>) ->
        typename joined_states<states<>, decltype(of_stage<I>(own<I>{}))...>::type;
    using type = decltype(all(typename Traits::positions{}));
};

template <class Positions, class Shape, class... Parts>
struct product_of_shape;

namespace of_shape {
// Its name, as it is written where it is told of.
template <class Shape, class... Parts>
struct product : product_of_shape<std::make_integer_sequence<int, sizeof...(Parts)>, Shape, Parts...> {};
}  // namespace of_shape

template <int... P, class Shape, class... Parts>
struct product_of_shape<std::integer_sequence<int, P...>, Shape, Parts...> {
  private:
    template <int Q>
    using part = typename decltype(pick<Q>(numbered_types<std::integer_sequence<int, P...>, Parts...>{}))::type;
    template <int Q, class T = float>
    using traits = product_part_traits<part<Q>, Shape, T>;
    template <int Q>
    using value_of = product_part_shape<part<Q>, Shape>;

    // Where the originals of each part begin, and its state; and where they end.
    static constexpr int count = sizeof...(Parts);
    static constexpr std::array<int, count + 1> places_of(std::array<int, count> const& sizes, int first) {
        std::array<int, count + 1> at{};
        for (int k = 0; k <= count; ++k) at[k] = k == 0 ? first : at[k - 1] + sizes[k - 1];
        return at;
    }
    static constexpr auto first_original = places_of({traits<P>::original_count...}, 0);
    static constexpr auto first_state = places_of({traits<P>::state_count...}, first_original[count]);
    static constexpr bool has_state = first_state[count] > first_original[count];
    static constexpr bool leads_back = ((traits<P>::inverse != grade::none) && ...);

    template <int Q>
    static constexpr auto shapes_of() {
        return []<int... K>(std::integer_sequence<int, K...>) {
            return shapes<typename traits<Q>::template original_shape<K>...>{};
        }(std::make_integer_sequence<int, traits<Q>::original_count>{});
    }
    template <class... List>
    struct joined_shapes {
        using type = shapes<>;
    };
    template <class... A>
    struct joined_shapes<shapes<A...>> {
        using type = shapes<A...>;
    };
    template <class... A, class... B, class... Rest>
    struct joined_shapes<shapes<A...>, shapes<B...>, Rest...> : joined_shapes<shapes<A..., B...>, Rest...> {};

  public:
    using codomain = set::product<typename product_part<Parts>::set_rows...>;
    static constexpr grade inverse = std::min({traits<P>::inverse...});
    static constexpr bool projects = (product_part<Parts>::chain_type::projects && ...);
    static constexpr int initial_rounds = std::max({traits<P>::initial_rounds...});
    static constexpr bool begins_anew = (traits<P>::any_begins_anew || ...);
    template <class>
    using original_shapes = typename joined_shapes<decltype(shapes_of<P>())...>::type;
    template <class>
    using state = typename joined_states<typename states_of_part<traits<P>, P>::type...>::type;

    template <mode M, class First, class... More>
    static constexpr auto forward(First x, More... more) {
        using T = typename First::value_type;
        std::tuple const all{x, more...};
        std::tuple s{state_of_traits<P, T>(all)...};
        auto const value = concatenate<0>(value_of_part<P, M, T>(all, std::get<P>(s))...);
        if constexpr (has_state && M == mode::training)
            return std::apply([&](auto... n) { return updated(value, n...); }, all_states<T>(x, s, after));
        else
            return value;
    }
    template <class Y, class... S>
        requires leads_back
    static constexpr auto right_inverse(Y y, S... state) {
        using T = typename Y::value_type;
        // As if the originals stood before the state.
        std::tuple const all = std::tuple_cat(std::array<Y, first_original[count]>{}, std::tuple{state...});
        std::tuple s{state_of_traits<P, T>(all)...};
        auto const x = std::tuple_cat(originals_of_part<P, T>(y, std::get<P>(s))...);
        if constexpr (has_state)
            return std::apply([&](auto... n) { return updated(x, n...); }, all_states<T>(y, s, after));
        else
            return x;
    }
    template <class First, class... More>
        requires has_state
    static constexpr auto initial_state(First x, More... more) {
        using T = typename First::value_type;
        std::tuple const all{x, more...};
        std::tuple s{state_of_traits<P, T>(all)...};
        (with_originals<P>(all,
                           [&](auto... o) { return traits<P, T>::begin_state(std::get<P>(s), without_history(o)...); }),
         ...);
        return all_states<T>(x, s, [](auto const& part, int k) { return part.now[k]; });
    }

  private:
    static constexpr auto after = [](auto const& part, int k) { return part.after(k); };

    // Of what right_inverse gives, where there is one.
    template <int Q, class T>
    static constexpr auto inverse_operation_list() {
        if constexpr (traits<Q>::inverse == grade::none)
            return base_operations{};
        else
            return join<base_operations, decltype(traits<Q, T>::inverse_operation_list())>{};
    }
    template <int Q, class T>
    using inverse_operations = decltype(inverse_operation_list<Q, T>());

    template <int Q>
    static constexpr auto with_originals(auto const& all, auto f) {
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return f(std::get<first_original[Q] + K>(all)...);
        }(std::make_integer_sequence<int, traits<Q>::original_count>{});
    }
    template <int Q, class T>
    static constexpr auto state_of_traits(auto const& all) {
        typename traits<Q, T>::places s;
        [&]<int... K>(std::integer_sequence<int, K...>) {
            ((s.now[K] = std::get<first_state[Q] + K>(all).id), ...);
        }(std::make_integer_sequence<int, traits<Q>::state_count>{});
        return s;
    }
    // The operations of a part are those of its chain.
    template <int Q, mode M, class T>
    static constexpr auto value_of_part(auto const& all, auto& s) {
        auto const y = with_originals<Q>(
            all, [&](auto... o) { return traits<Q, T>::template forward<M>(s, without_history(o)...); });
        return symbol<value_of<Q>, T, join<base_operations, typename traits<Q, T>::forward_operations>>{y.traced, y.id};
    }
    template <int Q, class T>
    static constexpr auto originals_of_part(auto y, auto& s) {
        auto const rows = slice<0, part_begin<Q>, part_end<Q>>(y);
        auto const x = traits<Q, T>::invert(without_history(rows), s);
        return std::apply(
            [&]<class... O>(O const&... o) {
                return std::tuple{
                    symbol<typename O::shape_type, T, join<operations_in<decltype(rows)>, inverse_operations<Q, T>>>{
                        o.traced, o.id}...};
            },
            x);
    }
    template <int Q>
    static constexpr int part_begin = product_part<part<Q>>::begin;
    template <int Q>
    static constexpr int part_end = product_part<part<Q>>::end;

    // What `of` says of each tensor of state, as a tuple.
    template <class T>
    static constexpr auto all_states(auto const& any, auto const& s, auto of) {
        return std::tuple_cat(states_of<P, T>(any, std::get<P>(s), of)...);
    }
    template <int Q, class T>
    static constexpr auto states_of(auto const& any, auto const& s, auto of) {
        using operations = join<base_operations, typename traits<Q, T>::forward_operations,
                                decltype(traits<Q, T>::begin_operation_list()), inverse_operations<Q, T>>;
        return [&]<int... K>(std::integer_sequence<int, K...>) {
            return std::tuple{symbol<typename traits<Q>::template state_tensor<K>::shape_type, T, operations>{
                any.traced, of(s, K)}...};
        }(std::make_integer_sequence<int, traits<Q>::state_count>{});
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
