// Recurrent cells: one step in time. rnn_cell<In, Hidden, ...>, gru_cell, lstm_cell.
//
//   rnn_cell   h' = tanh(W_ih x + b_ih + W_hh h + b_hh)
//   gru_cell   r, z = sigmoid(...), n = tanh(W_in x + b_in + r * (W_hn h + b_hn)), h' = (1 - z) * n + z * h
//   lstm_cell  i, f, o = sigmoid(...), g = tanh(...), c' = f * c + i * g, h' = o * tanh(c')
//
// Shapes: x [In], h and c [Hidden], or [batch, ...] each. Calls: cell(x), from a state of zeros, and cell(x, h); an
// LSTM cell(x, h, c), which gives (h', c'). Tensors, with gates one after the other as PyTorch has them (r, z, n and i,
// f, g, o): weight_ih [gates Hidden, In], weight_hh [gates Hidden, Hidden], bias_ih, bias_hh [gates Hidden]. Options:
// pm::no_bias leaves both biases out, pm::element_type<double>, and for rnn_cell pm::nn::relu in place of tanh. Initial
// values: all uniform within 1 / sqrt(Hidden). Any of them is parametrized by its name, pm::parametrize<gru_cell<3, 4>,
// pm::at<"weight_hh", P>>. Errors: a last extent or a state that does not fit is the compiler's. A cell over time:
// nn/recurrent.hpp.
//
// Cost: 2 gates Hidden (In + Hidden) operations a row, in two products, and one loop for the gates; the gradient twice
// that.
// Source: torch.nn.RNNCell, GRUCell, LSTMCell.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/recurrent_weights.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// What rnn_cell and gru_cell are.
template <fixed_string Name, class Gates, int In, int Hidden, class... Options>
struct recurrent_cell : cell_members<Gates::count, In, Hidden, layer_options<Options...>> {
    static_assert(detail::holds<(In > 0 && Hidden > 0),
                                "recurrent layer: the numbers of inputs and of hidden units must be positive">());
    static_assert(given_once<Name, Options...>());
    using input_shapes = shapes<shape<at_least_one(In)>, shape<at_least_one(Hidden)>>;

    // Of what is empty.
    void initialize(random& numbers) { initialize_recurrent<Hidden>(*this, numbers); }
    constexpr auto forward(traced auto x) const {
        return forward(x, placeholder<shape_by<with_last<shape_type_of<decltype(x)>, Hidden>>>(x));
    }
    constexpr auto forward(traced auto x, traced auto h) const {
        using state = shape_by<with_last<shape_type_of<decltype(x)>, Hidden>>;
        if constexpr (!takes_inputs<Name, In, Hidden, decltype(x)>() ||
                      !takes_states<Name, state, state, decltype(x), decltype(h)>())
            return after_mistake(placeholder<state>(x));
        else
            return Gates::template next<Hidden>(this->of_input(*this, x), this->of_hidden(*this, h), h);
    }
};

}  // namespace detail

namespace nn {

template <int In, int Hidden, class... Options>
struct rnn_cell : detail::recurrent_cell<"rnn_cell", detail::rnn_gates<Options...>, In, Hidden, Options...> {
    static_assert(
        detail::holds<(((detail::is_recurrent_option<Options> || detail::is_nonlinearity<Options>) && ...)),
                      "rnn_cell: an option must be pm::no_bias, pm::element_type<T>, pm::nn::tanh or pm::nn::relu; "
                      "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor">());
    PARAMORPH_BEGINS_FROM_SEED(rnn_cell)
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h) const { return paramorph::call(*this, x, h); }
};

template <int In, int Hidden, class... Options>
struct gru_cell : detail::recurrent_cell<"gru_cell", detail::gru_gates, In, Hidden, Options...> {
    static_assert(detail::holds<((detail::is_recurrent_option<Options> && ...)),
                                "gru_cell: an option must be pm::no_bias or pm::element_type<T>; "
                                "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor">());
    PARAMORPH_BEGINS_FROM_SEED(gru_cell)
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h) const { return paramorph::call(*this, x, h); }
};

template <int In, int Hidden, class... Options>
struct lstm_cell : detail::cell_members<4, In, Hidden, detail::layer_options<Options...>> {
    static_assert(detail::holds<(In > 0 && Hidden > 0),
                                "recurrent layer: the numbers of inputs and of hidden units must be positive">());
    static_assert(detail::holds<((detail::is_recurrent_option<Options> && ...)),
                                "lstm_cell: an option must be pm::no_bias or pm::element_type<T>; "
                                "pm::parametrize<layer, pm::at<name, stages...>> parametrizes a tensor">());
    static_assert(detail::given_once<"lstm_cell", Options...>());
    using input_shapes = shapes<shape<detail::at_least_one(In)>, shape<detail::at_least_one(Hidden)>,
                                shape<detail::at_least_one(Hidden)>>;

    PARAMORPH_BEGINS_FROM_SEED(lstm_cell)

    // Of what is empty.
    void initialize(random& numbers) { detail::initialize_recurrent<Hidden>(*this, numbers); }
    constexpr auto forward(traced auto x) const {
        auto const zeros = detail::placeholder<shape_by<detail::with_last<shape_type_of<decltype(x)>, Hidden>>>(x);
        return forward(x, zeros, zeros);
    }
    constexpr auto forward(traced auto x, traced auto h, traced auto c) const {
        using state = shape_by<detail::with_last<shape_type_of<decltype(x)>, Hidden>>;
        if constexpr (!detail::takes_inputs<"lstm_cell", In, Hidden, decltype(x)>() ||
                      !detail::takes_states<"lstm_cell", state, state, decltype(x), decltype(h), decltype(c)>()) {
            auto const instead = detail::after_mistake(detail::placeholder<state>(x));
            return std::tuple{instead, instead};
        } else
            return detail::lstm_gates::next<Hidden>(this->of_input(*this, x), this->of_hidden(*this, h), c);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    constexpr auto operator()(auto const& x, auto const& h, auto const& c) const {
        return paramorph::call(*this, x, h, c);
    }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
