// Recurrent layers over a sequence: rnn<In, Hidden, ...>, gru, lstm; several layers, one direction or both.
//
//     pm::nn::lstm<3, 8> net;                       // pm::make<pm::nn::lstm<3, 8>>(pm::seed{0})
//     auto [ys, h, c] = net(xs);                    // from zeros
//     auto [more, h2, c2] = net(later, h, c);       // goes on where it ended
//
// Formulas, gates, two of the options and initial values: those of the cells (nn/recurrent_cells.hpp). More options, in
// any order, as torch.nn's arguments: pm::num_layers<n>, each of which reads the results of the one before;
// pm::bidirectional, where each layer also reads its inputs from the last to the first; pm::batch_first, sequences as
// [batch, time, ...] where they have a batch, states as without; pm::dropout<0.2>, in training, of the results that the
// next layer reads, so that one layer alone has none; of an lstm pm::proj_size<p>, h' = W_hr (o * tanh(c')), in each
// step. Names of tensors and their order: nn/recurrent_layers.hpp.
//
// Shapes, where D is 2 in both directions and else 1, O is p where there is a projection and else Hidden: inputs [time,
// In] or [time, batch, In]; results [time, D O] or [time, batch, D O], in both directions forward and backward results
// side by side, each at the time of its input; then the last states, [layers D, O] or [layers D, batch, O], of an LSTM
// h and c, which has Hidden in place of O. Their rows are: first layer forward, first layer backward, second layer
// forward, ...; the last state of the backward direction is the one at time 0. States to begin with have the same
// shapes, and are zeros where none is given. torch.nn has (h, c) as a pair within; here results and inputs stand side
// by side. Time is the first axis, and static as every shape.
//
// Parametrized by name: pm::parametrize<gru<3, 8>, pm::at<"weight_hh_l0", pm::param::orthogonal<>>>; the weight is
// computed once a call or training step, before the first step in time.
// Errors: a last extent, a rank or a state that does not fit is the compiler's.
// Cost: the products of all inputs of a layer are one matmul, before the scan (nn/scan.hpp); the step is compiled once
// for all layers and both directions. What is read backwards is not copied for it where there is a bias, whose loop
// reads so.
//
// Example: examples/recurrent.cpp.
// Source: torch.nn.RNN, GRU, LSTM; Hochreiter and Schmidhuber 1997; Cho et al. 2014; Sak et al. 2014 (projections).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/recurrent_cells.hpp"
#include "paramorph/nn/recurrent_layers.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/op/flip.hpp"
#include "paramorph/op/permute.hpp"

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
// A step of lstm, whose state is h, of `Output` numbers, and c side by side.
template <int Hidden, int Output>
struct lstm_step {
    constexpr auto operator()(auto state, auto of_input, auto weight, auto... projection) const {
        auto const [all, c] = lstm_gates::next<Hidden>(of_input, matmul(slice<-1, 0, Output>(state), transpose(weight)),
                                                       slice<-1, Output, Output + Hidden>(state));
        auto const h = projected(all, projection...);
        return std::tuple{concatenate<-1>(h, c), h};
    }

  private:
    static constexpr auto projected(auto h) { return h; }
    static constexpr auto projected(auto h, auto weight) { return matmul(h, transpose(weight)); }
};
template <class Gates, class S>
inline constexpr recurrent_step<Gates, S::hidden> step_of{};
template <class S>
inline constexpr lstm_step<S::hidden, S::output> step_of<lstm_gates, S>{};

// The shape of a state of Width numbers inside of the scan and, in Rows rows, outside, of an input with time.
template <class X, int Width>
struct inner_state {
    static constexpr extents value() { return X::rank == 3 ? extents{2, {X::value.d[1], Width}} : extents{1, {Width}}; }
};
template <class X, int Rows, int Width>
struct outer_state {
    static constexpr extents value() {
        return X::rank == 3 ? extents{3, {Rows, X::value.d[1], Width}} : extents{2, {Rows, Width}};
    }
};

// Is the input a sequence that the layer takes, and do the states fit? Says what met where not.
template <fixed_string Name, int In, class S, class X, class... State>
constexpr bool takes_sequence() {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank != 2 && s.rank != 3) {
        using wrong = mistake<sentence(Name.view(), ": the input must be a sequence, [time, ", In,
                                       "] or [time, batch, ", In, "]: it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!takes_inputs<Name, In, S::hidden, X>())
        return false;
    else {
        using in = shape_type_of<X>;
        constexpr int rows = S::layers * S::directions;
        return takes_states<Name, shape_by<outer_state<in, rows, S::output>>,
                            shape_by<outer_state<in, rows, S::hidden>>, X, State...>();
    }
}

// What rnn, gru and lstm are.
template <fixed_string Name, class Gates, int In, int Hidden, class... Options>
struct recurrent_layer : sequence_members<sequence_of<Gates::count, In, Hidden, Options...>> {
    static_assert(detail::holds<(In > 0 && Hidden > 0),
                                "recurrent layer: the numbers of inputs and of hidden units must be positive">());
    static_assert(given_once<Name, Options...>());

    // Of what is empty.
    void initialize(random& numbers) { initialize_recurrent<Hidden>(*this, numbers); }

  protected:
    using S = sequence_of<Gates::count, In, Hidden, Options...>;
    template <class X, int Width>
    using state_of = shape_by<outer_state<shape_type_of<X>, S::layers * S::directions, Width>>;

    // A sequence whose first axis is time, as the layer computes, of one that the caller has; and back.
    static constexpr auto time_first(auto x) {
        if constexpr (S::takes_batch_first && extents_of<decltype(x)>.rank == 3)
            return permute<1, 0, 2>(x);
        else
            return x;
    }
    // The results, and the last states of all layers, from the first ones; those of an LSTM are h and c side by side.
    template <int Layer = 0>
    constexpr auto run(auto x, auto states) const {
        auto const [ys, last] = run_layer<Layer>(x, states);
        if constexpr (Layer + 1 == S::layers)
            return std::tuple{ys, last};
        else {
            auto const [results, others] = run<Layer + 1>(this->between(ys), states);
            return std::tuple{results, concatenate<0>(last, others)};
        }
    }
    // What stands for results and states after a mistake.
    template <int... Width>
    static constexpr auto refused(auto x) {
        using in = shape_type_of<decltype(x)>;
        return std::tuple{after_mistake(placeholder<shape_by<with_last<in, S::directions * S::output>>>(x)),
                          after_mistake(placeholder<state_of<decltype(x), Width>>(x))...};
    }

  private:
    template <int Layer>
    constexpr auto run_layer(auto x, auto states) const {
        auto const [ys, last] = run_direction<Layer, false>(x, states);
        if constexpr (S::directions == 1)
            return std::tuple{ys, last};
        else {
            auto const [backward, first] = run_direction<Layer, true>(x, states);
            return std::tuple{concatenate<-1>(ys, flip<0>(backward)), concatenate<0>(last, first)};
        }
    }
    template <int Layer, bool Reverse>
    constexpr auto run_direction(auto x, auto states) const {
        using own = layer_tensors<S, Layer, Reverse>;
        using in = shape_type_of<decltype(x)>;
        constexpr int row = Layer * S::directions + Reverse, width = extents_of<decltype(states)>.from_end(0);
        own const& tensors = *this;
        auto const& weight_ih = own::template tensor<0>(tensors);
        auto const& weight_hh = own::template tensor<1>(tensors);
        [[maybe_unused]] auto const& bias_ih = own::template tensor<2>(tensors);
        [[maybe_unused]] auto const& bias_hh = own::template tensor<3>(tensors);
        [[maybe_unused]] auto const& weight_hr = own::template tensor<4>(tensors);
        auto const products = [&] {
            auto const forward = matmul(x, transpose(weight_ih));
            if constexpr (Reverse)
                return flip<0>(forward);
            else
                return forward;
        }();
        auto const first = reshape<shape_by<inner_state<in, width>>>(slice<0, row, row + 1>(states));
        auto const [last, ys] = [&] {
            constexpr auto const& step = step_of<Gates, S>;
            if constexpr (S::projected > 0 && S::has_bias)
                return scan(step, first, products + (bias_ih + bias_hh), weight_hh, weight_hr);
            else if constexpr (S::projected > 0)
                return scan(step, first, products, weight_hh, weight_hr);
            else if constexpr (!S::has_bias)
                return scan(step, first, products, weight_hh);
            else if constexpr (Gates::bias_inside)
                return scan(step, first, products + bias_ih, weight_hh, bias_hh);
            else
                return scan(step, first, products + (bias_ih + bias_hh), weight_hh);
        }();
        return std::tuple{ys, reshape<shape_by<outer_state<in, 1, width>>>(last)};
    }
};

// What rnn and gru are, which have one state.
template <fixed_string Name, class Gates, int In, int Hidden, class... Options>
struct recurrent_layer_of_one_state : recurrent_layer<Name, Gates, In, Hidden, Options...> {
    constexpr auto forward(traced auto x) const {
        using X = decltype(this->time_first(x));
        return forward(x, placeholder<typename recurrent_layer_of_one_state::template state_of<X, Hidden>>(x));
    }
    constexpr auto forward(traced auto sequence, traced auto h) const {
        using S = typename recurrent_layer_of_one_state::S;
        auto const x = this->time_first(sequence);
        if constexpr (!takes_sequence<Name, In, S, decltype(x), decltype(h)>())
            return this->template refused<S::output>(x);
        else {
            auto const [ys, last] = this->run(x, h);
            return std::tuple{this->time_first(ys), last};
        }
    }
};

}  // namespace detail

namespace nn {

#define PARAMORPH_RECURRENT_OPTIONS \
    "pm::num_layers<n>, pm::bidirectional, pm::batch_first, pm::dropout<p>, pm::no_bias, pm::element_type<T>"
#define PARAMORPH_RECURRENT_AT "; pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor"
template <int In, int Hidden, class... Options>
struct rnn : detail::recurrent_layer_of_one_state<"rnn", detail::rnn_gates<Options...>, In, Hidden, Options...> {
    static_assert(detail::holds<(((detail::is_sequence_option<Options> || detail::is_nonlinearity<Options>) && ...)),
                                "rnn: an option must be " PARAMORPH_RECURRENT_OPTIONS
                                ", pm::nn::tanh or pm::nn::relu" PARAMORPH_RECURRENT_AT>());
    PARAMORPH_BEGINS_FROM_SEED(rnn)
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h) const { return paramorph::call(*this, x, h); }
};

template <int In, int Hidden, class... Options>
struct gru : detail::recurrent_layer_of_one_state<"gru", detail::gru_gates, In, Hidden, Options...> {
    static_assert(detail::holds<((detail::is_sequence_option<Options> && ...)),
                                "gru: an option must be one of " PARAMORPH_RECURRENT_OPTIONS PARAMORPH_RECURRENT_AT>());
    PARAMORPH_BEGINS_FROM_SEED(gru)
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h) const { return paramorph::call(*this, x, h); }
};

template <int In, int Hidden, class... Options>
struct lstm : detail::recurrent_layer<"lstm", detail::lstm_gates, In, Hidden, Options...> {
    static_assert(
        detail::holds<(((detail::is_sequence_option<Options> || detail::projection_named<Options> != 0) && ...)),
                      "lstm: an option must be " PARAMORPH_RECURRENT_OPTIONS
                      " or pm::proj_size<n>" PARAMORPH_RECURRENT_AT>());
    static_assert(detail::holds<(((detail::projection_named<Options> < Hidden) && ...)),
                                "lstm: pm::proj_size must be smaller than the number of hidden units">());

    PARAMORPH_BEGINS_FROM_SEED(lstm)

    constexpr auto forward(traced auto x) const {
        using S = typename lstm::S;
        using X = decltype(this->time_first(x));
        return forward(x, detail::placeholder<typename lstm::template state_of<X, S::output>>(x),
                       detail::placeholder<typename lstm::template state_of<X, S::hidden>>(x));
    }
    constexpr auto forward(traced auto sequence, traced auto h, traced auto c) const {
        using S = typename lstm::S;
        auto const x = this->time_first(sequence);
        if constexpr (!detail::takes_sequence<"lstm", In, S, decltype(x), decltype(h), decltype(c)>())
            return this->template refused<S::output, S::hidden>(x);
        else {
            auto const [ys, last] = this->run(x, concatenate<-1>(h, c));
            return std::tuple{this->time_first(ys), slice<-1, 0, S::output>(last),
                              slice<-1, S::output, S::output + S::hidden>(last)};
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h, auto const& c) const {
        return paramorph::call(*this, x, h, c);
    }
};
#undef PARAMORPH_RECURRENT_AT
#undef PARAMORPH_RECURRENT_OPTIONS

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
