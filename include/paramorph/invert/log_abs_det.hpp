// pm::log_abs_det(net, x): log |det dy/dx| of y = net(x), for each sample: of x [n] a number, of [batch, ...] an array
// [batch]. pm::value_and_log_abs_det(net, x): y as well. The change of variables of a normalizing flow:
// log p(x) = log q(net(x)) + log |det|.
//
//     auto step = pm::value_and_grad([](auto& net, auto x) {             // maximum likelihood of a batch x [64, 2]
//         auto const [z, log_det] = pm::value_and_log_abs_det(net, x);
//         return pm::mean(0.5 * pm::sum<1>(pm::square(z)) - log_det);
//     }, net);
//
// Shapes: a vector is one sample; of two axes and more the first is the batch. In a traced function tensors, with
// gradients for weights and x; of arrays an array or a number: xt::xtensor_fixed, or an xt::xtensor of rows. What each
// layer adds, and what layers have it: invert/bijection.hpp, invert/linear.hpp; formulas of x, which keep what y loses
// where tanh or a sigmoid rounds to its limit. Weights that share a determinant add it once for each row.
//
// Errors: the compiler's where the network has no inverse, which names the layer, and of residual, whose determinant is
// not that of a formula; pm::error where a weight is singular in its rounding. Cost: that of the network, one pass for
// each activation, an LU factorization for each general weight.
//
// Source: Rezende and Mohamed 2015, "Variational inference with normalizing flows".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/invert/runs.hpp"
#include "paramorph/nn/function.hpp"
#include "paramorph/nn/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// What a layer with inputs X says, for each of Samples samples; 0: of one sample, a number.
template <int Samples, class P, class L>
constexpr auto for_each_sample(L const& stated) {
    constexpr extents own = extents_of<L>, x = P::input::value;
    if constexpr (own.rank == 0 && Samples > 0)
        return broadcast_to<shape<Samples>>(stated);
    else if constexpr (own.rank == 0 && x.rank >= 2)
        return double(x.d[0]) * stated;  // a sample that a layer has cut into several
    else if constexpr (own.rank == 0)
        return stated;
    else if constexpr (own.rank == 1 && own.d[0] == x.d[0]) {
        if constexpr (Samples == 0)
            return sum(stated);
        else
            return stated;
    } else {
        using wrong = mistake<sentence("log_abs_det: that of ", P::where().view(), " must be a number for each of ",
                                       x.d[0], " samples, or one for all: of ", x, " it is ", own)>;
        using said [[maybe_unused]] = wrong::type;
        return for_each_sample<Samples, P>(sum(stated));
    }
}

// Of layers K and those behind.
template <class List, int Samples, int K = 0>
constexpr auto log_abs_det_along(auto const& net, auto x, auto so_far) {
    if constexpr (K == List::size)
        return std::tuple{x, so_far};
    else {
        using P = typename List::template at<K>;
        auto const& layer = P::of(net);
        auto const own = [&] {
            if constexpr (P::iterates) {
                using wrong = mistake<sentence(
                    "log_abs_det: ", P::where().view(),
                    " has none that is computed: its determinant is that of the whole matrix of slopes; use coupling "
                    "layers, or linear ones and activations")>;
                using said [[maybe_unused]] = wrong::type;
                return no_log_abs_det(x);
            } else
                return as_operand(bijection<typename P::layer>::log_abs_det(layer, x));
        }();
        auto const y = as_operand(paramorph::call(layer, x));
        return log_abs_det_along<List, Samples, K + 1>(net, y, so_far + for_each_sample<Samples, P>(own));
    }
}

// Do all layers keep the samples apart, each along the first axis?
template <class List, int Samples, int K = 0>
constexpr bool keeps_samples() {
    if constexpr (K == List::size)
        return true;
    else {
        using P = typename List::template at<K>;
        constexpr bool keeps = Samples == 0 || (P::output::rank >= 1 && P::output::value.d[0] == Samples);
        if constexpr (!keeps) {
            using wrong = mistake<sentence("log_abs_det: the first axis must be the batch throughout: of ",
                                           P::input::value, " ", P::where().view(), " makes ", P::output::value)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return keeps && keeps_samples<List, Samples, K + 1>();
    }
}
template <class M, class X>
constexpr bool has_log_abs_det() {
    using T = typename X::value_type;
    using list = layers_of<M, T, typename X::shape_type>;
    constexpr sentence why = why_not_invertible<list, T>();
    if constexpr (!why.view().empty()) {
        using wrong = mistake<sentence("log_abs_det: the network is not invertible: ", why.view())>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else
        return keeps_samples<list, (X::rank >= 2 ? X::shape_type::value.d[0] : 0)>();
}

// The function of a network, for arrays; Value: with the value.
template <bool Value, class X>
struct log_abs_det_of {
    using inputs = shapes<X>;
    static constexpr int results = X::rank >= 2 ? X::value.d[0] : 1;
    constexpr auto operator()(auto const& net, auto x) const;
};
struct log_abs_det_family {
    template <class M, class T, class X>
    using of = log_abs_det_of<false, X>;
};

}  // namespace detail

template <module M, traced X>
constexpr auto value_and_log_abs_det(M const& net, X const& x) {
    auto const in = detail::as_operand(x);
    using Symbol = std::remove_cvref_t<decltype(in)>;
    auto const none = detail::no_log_abs_det(in);
    if constexpr (!detail::has_log_abs_det<M, Symbol>())
        return std::tuple{in, none};
    else {
        using list = detail::layers_of<M, typename Symbol::value_type, typename Symbol::shape_type>;
        if constexpr (Symbol::rank >= 2) {
            constexpr int samples = Symbol::shape_type::value.d[0];
            return detail::log_abs_det_along<list, samples>(net, in, broadcast_to<shape<samples>>(none));
        } else
            return detail::log_abs_det_along<list, 0>(net, in, none);
    }
}
template <module M, traced X>
constexpr auto log_abs_det(M const& net, X const& x) {
    return std::get<1>(value_and_log_abs_det(net, x));
}

namespace detail {

template <bool Value, class X>
constexpr auto log_abs_det_of<Value, X>::operator()(auto const& net, auto x) const {
    if constexpr (Value)
        return value_and_log_abs_det(net, x);
    else
        return log_abs_det(net, x);
}
// Of a batch that is known at run time.
template <class Network, class X>
auto log_abs_det_of_rows(Network const& network, X const& x) {
    using M = typename Network::module_type;
    using T = typename X::value_type;
    row_major_array<T, 1> result;
    if constexpr (!is_number_of<M, T>())
        return result;
    else if constexpr (!states_input_shape<M>) {
        using wrong = mistake<sentence(
            "log_abs_det: for a batch known at run time the network must state the shape of a row of its input, using "
            "input_shape = pm::shape<8>;; ",
            short_type_name<M>(), " does not")>;
        using said [[maybe_unused]] = wrong::type;
        return result;
    } else {
        using runs = rows_of_array<M, T, typename M::input_shape>;
        using block = typename runs::shape_of_input;
        if constexpr (has_log_abs_det<M, symbol<block, T>>()) {
            std::size_t const rows = rows_like<block>("log_abs_det", x);
            result.resize({rows});
            auto const& computed = network.computed();
            runs::template run<log_abs_det_family>(computed.addresses(), rows, result.data(),
                                                   x.data() + x.data_offset());
        }
        return result;
    }
}
// Networks of modules, and those whose values were computed.
template <class Net>
concept network_of_modules = module<Net> || requires { typename Net::module_type; };

template <bool Value, class Net, class X>
auto log_abs_det_of_array(Net const& net, X const& x) {
    return function(log_abs_det_of<Value, static_shape_of<X>>{}, net)(x);
}

}  // namespace detail

template <detail::network_of_modules Net, array_expression X>
auto log_abs_det(Net const& net, X const& x) {
    if constexpr (!dynamic_container<X>)
        return detail::log_abs_det_of_array<false>(net, x);
    else if constexpr (module<Net>)
        return detail::log_abs_det_of_rows(detail::values_of_network<Net>{&net}, x);
    else
        return detail::log_abs_det_of_rows(detail::values_of_values<Net>{&net}, x);
}
template <detail::network_of_modules Net, array_expression X>
auto value_and_log_abs_det(Net const& net, X const& x) {
    if constexpr (dynamic_container<X>)
        return std::tuple{net(x), log_abs_det(net, x)};
    else
        return detail::log_abs_det_of_array<true>(net, x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
