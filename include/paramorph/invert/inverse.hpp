// pm::inverse(net): the inverse of a network as a function of arrays: x = pm::inverse(net)(y) where y = net(x). Layer
// by layer from the last to the first, each by the inverse that its type says (invert/bijection.hpp).
//
//     auto back = pm::inverse(net);         // net: modules, pm::cached(net) or pm::freeze(net), which must outlive it
//     auto x = back(y);                     // y: xt::xtensor_fixed, or an xt::xtensor, rows of a run-time batch
//     auto z = pm::inverse<pm::shape<1, 6, 6>>(net)(y);   // where the network does not state what a row of x is
//
// In a traced function y is a tensor, and so is the result, with gradients: [](auto& net, auto y) { return
// pm::inverse(net)(y); } in pm::function or a loss.
//
// Accuracy: that of its steps: a linear layer loses what its condition number says, an activation what it has
// flattened (where tanh rounds to 1, x is lost). residual x + f(x) is undone by the iteration x <- y - f(x) (Banach):
// until L / (1 - L) times the last step is at most epsilon |x|, where L is the Lipschitz bound of f, and by no more
// steps than make L^k / (1 - L) at most epsilon. Then |x' - x| is at most (epsilon |x| + r) / (1 - L) of each sample, r
// being what f(x) and the difference round; where it stops by the number of steps, with |f(y)| in place of |x|. Not in
// traced functions.
//
// Errors: pm::error where a number is none that the layer gives (at or beyond 1 of tanh, not finite): it names the
// layer, the element, its value and the range; nothing is changed. So does a weight that is singular as it is rounded.
// The compiler's where the network has no inverse: it names the layer (pm::invertible), and where y has a shape that
// the network does not give. Cost: that of the inverses, an LU factorization of each general weight in each call (per
// 32 rows of a run-time batch, of which the last may be fewer; per row of a short rest); a network that is not frozen
// computes parametrized weights once for each write.
// Threads: one object may be called by several. Source: Banach 1922; Behrmann et al. 2019, "Invertible residual
// networks".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/invert/undone.hpp"
#include "paramorph/nn/function.hpp"
#include "paramorph/op/inverse.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// The shape of the input of which a network gives tensors Y: a row as it is stated, a batch of such rows, or Y itself.
// Void: none, and is_result_shape says so.
template <class M, class T, class Y, class... Row>
struct input_of_result {
    static constexpr bool stated = sizeof...(Row) == 1;
    template <class X>
    static constexpr bool gives = std::is_same_v<typename layers_from<T, M, X>::output, Y>;
    template <class R>
    static auto find(std::type_identity<R>) {
        if constexpr (gives<R>)
            return std::type_identity<R>{};
        else if constexpr (R::rank < max_rank && Y::rank >= 1) {
            using batch = typename batched<Y::rank == 0 ? 1 : Y::value.d[0], R>::type;
            if constexpr (gives<batch>)
                return std::type_identity<batch>{};
            else if constexpr (Y::rank > batch::rank)
                return itself();
            else
                return std::type_identity<void>{};
        } else
            return std::type_identity<void>{};
    }
    static auto itself() {
        if constexpr (gives<Y>)
            return std::type_identity<Y>{};
        else
            return std::type_identity<void>{};
    }
    static auto found() {
        if constexpr (stated)
            return find(std::type_identity<Row>{}...);
        else
            return itself();
    }
    using type = typename decltype(found())::type;
};
template <class M, class T, class Y, class... Row>
constexpr bool is_result_shape() {
    using X = typename input_of_result<M, T, Y, Row...>::type;
    if constexpr (std::is_void_v<X>) {
        if constexpr (sizeof...(Row) == 1) {
            using wrong = mistake<sentence("inverse: the network takes ", Row::value..., " and gives ",
                                           layers_from<T, M, Row...>::output::value,
                                           " of it, or as many of each in a batch: of ", Y::value,
                                           " there is no inverse; name the shape of its input where it is another one, "
                                           "pm::inverse<pm::shape<8>>(net)")>;
            using said [[maybe_unused]] = wrong::type;
        } else {
            using wrong =
                mistake<sentence("inverse: the network does not state the shape of its input, and does not give ",
                                 Y::value, " of tensors of that shape: name it, pm::inverse<pm::shape<8>>(net)")>;
            using said [[maybe_unused]] = wrong::type;
        }
    }
    return !std::is_void_v<X>;
}

// Is it one to one, of this shape? Says what is not.
template <class M, class T, class X>
constexpr bool has_inverse() {
    constexpr sentence why = why_not_invertible<layers_of<M, T, X>, T>();
    if constexpr (!why.view().empty()) {
        using wrong = mistake<sentence("inverse: the network has none that is known: ", why.view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return why.view().empty();
}

template <class Network, class... Named>
class inverse_of_network {
    using M = typename Network::module_type;

  public:
    constexpr explicit inverse_of_network(Network n) : network_(n) {}

    template <class Y>
    constexpr auto operator()(Y const& y) const {
        if constexpr (traced<Y>)
            return of_traced(as_operand(y));
        else if constexpr (fixed_container<Y>)
            return of_fixed(y);
        else if constexpr (dynamic_container<Y>)
            return of_rows(y);
        else {
            using wrong = mistake<sentence(
                "inverse: give an xtensor container, xtensor_fixed, or xtensor for a run-time batch; evaluate "
                "expressions and views first; this is ",
                short_type_name<Y>())>;
            using said [[maybe_unused]] = wrong::type;
            return 0;
        }
    }

  private:
    Network network_;
    static constexpr auto row_of_input() {
        if constexpr (sizeof...(Named) > 0)
            return shapes<Named...>{};
        else if constexpr (states_rows<M>)
            return typename stated_rows<M>::type{};
        else
            return shapes<>{};
    }
    template <class T, class Y, class... Row>
    static constexpr bool takes(shapes<Row...>) {
        if constexpr (!is_result_shape<M, T, Y, Row...>())
            return false;
        else
            return has_inverse<M, T, typename input_of_result<M, T, Y, Row...>::type>();
    }
    template <class T, class Y, class... Row>
    static auto input_for(shapes<Row...>) -> typename input_of_result<M, T, Y, Row...>::type;
    template <class T, class Y>
    using input_of = decltype(input_for<T, Y>(row_of_input()));

    template <class Y>
    constexpr auto of_traced(Y y) const {
        using T = typename Y::value_type;
        using shape = typename Y::shape_type;
        if constexpr (!takes<T, shape>(row_of_input()))
            return y;
        else {
            using list = layers_of<M, T, input_of<T, shape>>;
            return undo_traced<list, 0, list::size>(*network_.net, y);
        }
    }
    template <class Y>
    auto of_fixed(Y const& y) const {
        using T = typename Y::value_type;
        using shape = static_shape_of<Y>;
        if constexpr (!is_number_of<M, T>())
            return y;
        else if constexpr (!takes<T, shape>(row_of_input()))
            return y;
        else {
            using X = input_of<T, shape>;
            auto x = make_container<X, T>();
            auto const& computed = network_.computed();
            layers_undone<M, whole_array<M, T, X>>::run(computed.addresses(), 1, y.data(), x.data());
            return x;
        }
    }
    template <class Y>
    auto of_rows(Y const& y) const {
        using T = typename Y::value_type;
        if constexpr (!is_number_of<M, T>())
            return y;
        else
            return of_rows_like<T>(y, row_of_input());
    }
    template <class T>
    auto of_rows_like(auto const& y, shapes<>) const {
        using wrong = mistake<sentence(
            "inverse: for a batch known at run time the network must state the shape of a row of its input: name it, "
            "pm::inverse<pm::shape<8>>(net); ",
            short_type_name<M>(), " does not")>;
        using said [[maybe_unused]] = wrong::type;
        return y;
    }
    template <class T, class Row>
    auto of_rows_like(auto const& y, shapes<Row>) const {
        using runs = rows_of_array<M, T, Row>;
        using X = typename runs::shape_of_input;
        using result = typename layers_from<T, M, X>::output;
        if constexpr (!has_inverse<M, T, X>())
            return y;
        else {
            std::size_t const rows = rows_like<result>("inverse", y);
            auto x = make_rows<symbol<X, T>>(rows);
            auto const& computed = network_.computed();
            layers_undone<M, runs>::run(computed.addresses(), rows, y.data() + y.data_offset(), x.data());
            return x;
        }
    }
};

}  // namespace detail

// Of a network whose tensors are computed when it is called, and of one whose values were computed.
template <class... Row, module M>
constexpr auto inverse(M const& net) {
    using network = detail::values_of_network<M>;
    return detail::inverse_of_network<network, Row...>(network{&net});
}
template <class... Row, class Values>
    requires requires { typename Values::module_type; } && (!module<Values>)
auto inverse(Values const& net) {
    using network = detail::values_of_values<Values>;
    return detail::inverse_of_network<network, Row...>(network{&net});
}
#define PARAMORPH_TEMPORARY                                                                                       \
    "inverse: it refers to the network, and this one is gone at the end of the line: give it a name first, auto " \
    "net = pm::make<model>(pm::seed{0})"
template <class... Row, class M, detail::sentence Says = PARAMORPH_TEMPORARY>
    requires(module<M> || requires { typename M::module_type; })
auto inverse(M const&& net) -> detail::refused_function = PARAMORPH_REFUSED(PARAMORPH_TEMPORARY);
#undef PARAMORPH_TEMPORARY

}  // namespace paramorph::inline PARAMORPH_ABI
