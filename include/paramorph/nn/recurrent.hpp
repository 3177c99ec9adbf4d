// Recurrent layers over a sequence: rnn<In, Hidden, ...>, gru, lstm; one layer, forward in time.
//
//     pm::nn::lstm<3, 8> net;                       // pm::make<pm::nn::lstm<3, 8>>(pm::seed{0})
//     auto [ys, h, c] = net(xs);                    // from zeros
//     auto [more, h2, c2] = net(later, h, c);       // goes on where it ended
//
// Formulas, tensors, options and initial values: those of the cells (nn/recurrent_cells.hpp); the names end in _l0, as
// in PyTorch: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0.
// Shapes: inputs [time, In] or [time, batch, In]; states [1, Hidden] or [1, batch, Hidden], zeros where none is given;
// results [time, Hidden] or [time, batch, Hidden], then the last state, of an LSTM h and c. torch.nn has (h, c) as a
// pair within; here results and inputs stand side by side. Time is the first axis, and static as every shape.
// Parametrized by name: pm::parametrize<gru<3, 8>, pm::at<"weight_hh_l0", pm::param::orthogonal<>>>; the weight is
// computed once a call or training step, before the first step in time.
// Errors: a last extent, a rank or a state that does not fit is the compiler's.
// Cost: the products of all inputs are one matmul, before the scan (nn/scan.hpp); the step is compiled once.
//
// Source: torch.nn.RNN, GRU, LSTM; Hochreiter and Schmidhuber 1997; Cho et al. 2014. Example: examples/recurrent.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/recurrent_cells.hpp"
#include "paramorph/nn/scan.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A step of rnn and gru; the bias is there where it belongs inside of a gate.
template <class Gates, int Hidden>
struct recurrent_step {
    constexpr auto operator()(auto h, auto of_input, auto weight, auto... bias) const {
        auto const next = Gates::template next<Hidden>(of_input, (matmul(h, transpose(weight)) + ... + bias), h);
        return std::tuple{next, next};
    }
};
// A step of lstm, whose state is h and c side by side.
template <int Hidden>
struct lstm_step {
    constexpr auto operator()(auto state, auto of_input, auto weight) const {
        auto const [h, c] = lstm_gates::next<Hidden>(of_input, matmul(gate<0, Hidden>(state), transpose(weight)),
                                                     gate<1, Hidden>(state));
        return std::tuple{concatenate<-1>(h, c), h};
    }
};

// The shapes of the state inside of the scan and outside, with an axis for layers, of an input with time.
template <class X, int Hidden>
struct inner_state {
    static constexpr extents value() {
        return X::rank == 3 ? extents{2, {X::value.d[1], Hidden}} : extents{1, {Hidden}};
    }
};
template <class X, int Hidden>
struct outer_state {
    static constexpr extents value() {
        return X::rank == 3 ? extents{3, {1, X::value.d[1], Hidden}} : extents{2, {1, Hidden}};
    }
};

// Is the input a sequence that the layer takes, and do the states fit? Says what met where not.
template <fixed_string Name, int In, int Hidden, class X, class... State>
constexpr bool takes_sequence() {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank != 2 && s.rank != 3) {
        using wrong [[maybe_unused]] = mistake<sentence(Name.view(), ": the input must be a sequence, [time, ", In,
                                                        "] or [time, batch, ", In, "]: it is ", s)>;
        return false;
    } else if constexpr (!takes_inputs<Name, In, Hidden, X>())
        return false;
    else
        return takes_states<Name, shape_by<outer_state<shape_type_of<X>, Hidden>>, X, State...>();
}

// What rnn and gru are.
template <fixed_string Name, class Gates, int In, int Hidden, class... Options>
struct recurrent_layer : recurrent_members<sequence_weights, Gates::count, In, Hidden, Options...> {
    static_assert(In > 0 && Hidden > 0, "recurrent layer: the numbers of inputs and of hidden units must be positive");

    // Of what is empty.
    void initialize(random& numbers) { initialize_recurrent<Hidden>(*this, numbers); }
    constexpr auto forward(traced auto x) const {
        return forward(x, placeholder<shape_by<outer_state<shape_type_of<decltype(x)>, Hidden>>>(x));
    }
    constexpr auto forward(traced auto x, traced auto h) const {
        using in = shape_type_of<decltype(x)>;
        using outside = shape_by<outer_state<in, Hidden>>;
        if constexpr (!takes_sequence<Name, In, Hidden, decltype(x), decltype(h)>())
            return std::tuple{placeholder<shape_by<with_last<in, Hidden>>>(x), placeholder<outside>(x)};
        else {
            auto const first = reshape<shape_by<inner_state<in, Hidden>>>(h);
            auto const [last, ys] =
                this->template run<Gates::bias_inside>(*this, x, [&](auto products, auto... parameters) {
                    return scan(recurrent_step<Gates, Hidden>{}, first, products, parameters...);
                });
            return std::tuple{ys, reshape<outside>(last)};
        }
    }
};

}  // namespace detail

namespace nn {

template <int In, int Hidden, class... Options>
struct rnn : detail::recurrent_layer<"rnn", detail::rnn_gates<Options...>, In, Hidden, Options...> {
    static_assert(((detail::is_recurrent_option<Options> || detail::is_nonlinearity<Options>) && ...),
                  "rnn: an option must be pm::no_bias, pm::element_type<T>, pm::nn::tanh or pm::nn::relu; "
                  "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor");
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h) const { return paramorph::call(*this, x, h); }
};

template <int In, int Hidden, class... Options>
struct gru : detail::recurrent_layer<"gru", detail::gru_gates, In, Hidden, Options...> {
    static_assert((detail::is_recurrent_option<Options> && ...),
                  "gru: an option must be pm::no_bias or pm::element_type<T>; "
                  "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor");
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h) const { return paramorph::call(*this, x, h); }
};

template <int In, int Hidden, class... Options>
struct lstm : detail::recurrent_members<detail::sequence_weights, 4, In, Hidden, Options...> {
    static_assert(In > 0 && Hidden > 0, "recurrent layer: the numbers of inputs and of hidden units must be positive");
    static_assert((detail::is_recurrent_option<Options> && ...),
                  "lstm: an option must be pm::no_bias or pm::element_type<T>; "
                  "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor");

    // Of what is empty.
    void initialize(random& numbers) { detail::initialize_recurrent<Hidden>(*this, numbers); }
    constexpr auto forward(traced auto x) const {
        auto const zeros = detail::placeholder<shape_by<detail::outer_state<shape_type_of<decltype(x)>, Hidden>>>(x);
        return forward(x, zeros, zeros);
    }
    constexpr auto forward(traced auto x, traced auto h, traced auto c) const {
        using in = shape_type_of<decltype(x)>;
        using outside = shape_by<detail::outer_state<in, Hidden>>;
        if constexpr (!detail::takes_sequence<"lstm", In, Hidden, decltype(x), decltype(h), decltype(c)>()) {
            auto const zeros = detail::placeholder<outside>(x);
            return std::tuple{detail::placeholder<shape_by<detail::with_last<in, Hidden>>>(x), zeros, zeros};
        } else {
            using inside = shape_by<detail::inner_state<in, Hidden>>;
            auto const first = concatenate<-1>(reshape<inside>(h), reshape<inside>(c));
            auto const [last, ys] = this->template run<false>(*this, x, [&](auto products, auto weight) {
                return scan(detail::lstm_step<Hidden>{}, first, products, weight);
            });
            return std::tuple{ys, reshape<outside>(detail::gate<0, Hidden>(last)),
                              reshape<outside>(detail::gate<1, Hidden>(last))};
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h, auto const& c) const {
        return paramorph::call(*this, x, h, c);
    }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
