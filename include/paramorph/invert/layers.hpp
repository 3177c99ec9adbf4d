// The layers of a network in the order in which they are applied, a sequential's within another one's too, with the
// shapes that they take and give; flatten and unflatten, which are undone by the shape, and residual, which is undone
// by iteration.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/invert/linear.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/overlay.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/prove/properties.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Of other shapes with as many elements.
struct reshaping_bijection : always_bijective {
    template <class X>
    static constexpr auto undo(auto const&, X, auto y) {
        return reshape<X>(y);
    }
    static constexpr auto log_abs_det(auto const&, auto x) { return no_log_abs_det(x); }
};
template <int First, int Last>
struct bijection<nn::flatten<First, Last>> : reshaping_bijection {};
template <int Axis, int... Extents>
struct bijection<nn::unflatten<Axis, Extents...>> : reshaping_bijection {};

// A module of one's own with parametrized tensors.
template <class M, class... Slots>
struct bijection<overlay<M, Slots...>> {
    static constexpr open_range image = bijection<M>::image;
    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        return bijection<M>::template why_not<X, T>(where);
    }
    template <class X>
    static constexpr auto undo(overlay<M, Slots...> const& m, X x, auto y) {
        return m.with_slots([&](M const& own) { return as_operand(bijection<M>::undo(own, x, y)); });
    }
    static constexpr auto log_abs_det(overlay<M, Slots...> const& m, auto x) {
        return m.with_slots([&](M const& own) { return as_operand(bijection<M>::log_abs_det(own, x)); });
    }
};

// x + f(x): one to one where the Lipschitz bound of f is less than 1 (Behrmann et al. 2019, "Invertible residual
// networks", theorem 1); f need not be. The bound is prove/properties.hpp's, the rounding of the weights included.
template <class... Modules>
struct bijection<nn::residual<Modules...>> : never_bijective {
    template <class X>
    static constexpr double rate = lipschitz<called_with<nn::sequential<Modules...>, X>>;
    static constexpr auto branch(nn::sequential<Modules...> const& m, auto x) { return m.forward(x); }
    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        if (0 <= rate<X> && rate<X> < 1) return {};
        constexpr std::string_view mend =
            " a branch, and only one of a Lipschitz bound below 1 can be undone; give it weights of a norm below 1, as "
            "pm::weight<pm::param::lipschitz<0.9>>";
        return math::isfinite(rate<X>) ? sentence(where.view(), " adds", mend, ": it is ", rate<X>)
                                       : sentence(where.view(), " adds", mend, ": none is known");
    }
};
template <class L>
inline constexpr bool is_undone_by_iteration = false;
template <class... Modules>
inline constexpr bool is_undone_by_iteration<nn::residual<Modules...>> = true;

// A layer that takes tensors X and gives tensors Y, at these positions of sequentials within one another.
template <class L, class X, class Y, int... At>
struct placed_layer {
    using layer = L;
    using input = X;
    using output = Y;
    static constexpr bool iterates = is_undone_by_iteration<L>;
    static constexpr bool bounded =
        bijection<L>::image.low > -math::infinity || bijection<L>::image.high < math::infinity;

    template <class M>
    static constexpr L const& of(M const& net) {
        return within<At...>(net);
    }
    // "1.0 (tanh)", or the name alone of a network that is one layer.
    static constexpr sentence where() {
        sentence path;
        ((path.append(path.view().empty() ? "" : ".", At)), ...);
        return sizeof...(At) == 0 ? sentence(layer_name<L>()) : sentence(path.view(), " (", layer_name<L>(), ")");
    }

  private:
    template <int... Rest, class M>
        requires(sizeof...(Rest) == 0)
    static constexpr L const& within(M const& net) {
        return net;
    }
    template <int First, int... Rest, class M>
    static constexpr L const& within(M const& net) {
        return within<Rest...>(std::get<std::size_t(First)>(net.layers));
    }
};

template <class... Placed>
struct layer_list {
    static constexpr int size = sizeof...(Placed);
    template <int I>
    using at = std::tuple_element_t<std::size_t(I), std::tuple<Placed...>>;
    template <class... More>
    static auto with(layer_list<More...>) -> layer_list<Placed..., More...>;
};

template <class T, class L, class X>
using shape_after =
    typename decltype(as_operand(paramorph::call(std::declval<L const&>(), symbol<X, T>{})))::shape_type;

// A layer alone, or those of a sequential; `output`: the shape that it gives.
template <class T, class L, class X, int... At>
struct layers_from {
    using output = shape_after<T, L, X>;
    using list = layer_list<placed_layer<L, X, output, At...>>;
};
template <class T, class Modules, class X, class Before, int K, int... At>
struct layers_in_order {
    using output = X;
    using list = Before;
};
template <class T, class... Modules, class X, class Before, int K, int... At>
    requires(K < int(sizeof...(Modules)))
struct layers_in_order<T, std::tuple<Modules...>, X, Before, K, At...> {
    using one = layers_from<T, std::tuple_element_t<std::size_t(K), std::tuple<Modules...>>, X, At..., K>;
    using rest = layers_in_order<T, std::tuple<Modules...>, typename one::output,
                                 decltype(Before::with(typename one::list{})), K + 1, At...>;
    using output = typename rest::output;
    using list = typename rest::list;
};
template <class T, class... Modules, class X, int... At>
struct layers_from<T, nn::sequential<Modules...>, X, At...>
    : layers_in_order<T, std::tuple<Modules...>, X, layer_list<>, 0, At...> {};

template <class M, class T, class X>
using layers_of = typename layers_from<T, M, X>::list;

// Why the first layer that has none has no inverse; empty where all have one.
template <class List, class T, int K = 0>
constexpr sentence why_not_invertible() {
    if constexpr (K == List::size)
        return {};
    else {
        using P = typename List::template at<K>;
        sentence const why = bijection<typename P::layer>::template why_not<typename P::input, T>(P::where());
        if (!why.view().empty()) return why;
        return why_not_invertible<List, T, K + 1>();
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
