// What recurrent cells and sequences share: their tensors, with PyTorch's names; what the gates make of the products;
// the sentences for inputs that do not fit.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Option>
inline constexpr bool is_nonlinearity = std::is_same_v<Option, nn::tanh> || std::is_same_v<Option, nn::relu>;
template <class Option>
inline constexpr bool is_recurrent_option = std::is_same_v<Option, no_bias> || is_element_type<Option>;
template <>
inline constexpr std::string_view option_kind<nn::relu> = option_kind<nn::tanh>;

// The activation among the options of an rnn; tanh where there is none.
template <class... Options>
struct nonlinearity_of {
    using type = nn::tanh;
};
template <class Option, class... Rest>
struct nonlinearity_of<Option, Rest...>
    : std::conditional_t<is_nonlinearity<Option>, std::type_identity<Option>, nonlinearity_of<Rest...>> {};

// The tensors of a cell.
template <class InputWeight, class HiddenWeight, class Bias, bool HasBias>
struct cell_weights {
    BOOST_HANA_DEFINE_STRUCT(cell_weights, (InputWeight, weight_ih), (HiddenWeight, weight_hh), (Bias, bias_ih),
                             (Bias, bias_hh));
    static constexpr auto of_input(auto const& self, auto x) {
        return matmul(x, transpose(self.weight_ih)) + self.bias_ih;
    }
    static constexpr auto of_hidden(auto const& self, auto h) {
        return matmul(h, transpose(self.weight_hh)) + self.bias_hh;
    }
};
template <class InputWeight, class HiddenWeight, class Bias>
struct cell_weights<InputWeight, HiddenWeight, Bias, false> {
    BOOST_HANA_DEFINE_STRUCT(cell_weights, (InputWeight, weight_ih), (HiddenWeight, weight_hh));
    static constexpr auto of_input(auto const& self, auto x) { return matmul(x, transpose(self.weight_ih)); }
    static constexpr auto of_hidden(auto const& self, auto h) { return matmul(h, transpose(self.weight_hh)); }
};

// A tensor of a recurrent layer.
template <class Options, int... Extent>
using recurrent_tensor = tensor<shape<at_least_one(Extent)...>, chain<>, typename Options::value_type>;

template <int Gates, int In, int Hidden, class Options>
using cell_members =
    cell_weights<recurrent_tensor<Options, Gates * Hidden, In>, recurrent_tensor<Options, Gates * Hidden, Hidden>,
                 recurrent_tensor<Options, Gates * Hidden>, Options::has_bias>;

// Gate K of what all gates have side by side along the last axis.
template <int K, int Hidden>
constexpr auto gate(auto const& all) {
    return slice<-1, K * Hidden, (K + 1) * Hidden>(all);
}

// The kinds of cell: how many gates, and the next state from the products of the input and of the state.
template <class... Options>
struct rnn_gates {
    using activation = typename nonlinearity_of<Options...>::type;
    static constexpr int count = 1;
    static constexpr bool bias_inside = false;
    template <int Hidden>
    static constexpr auto next(auto const& of_input, auto const& of_hidden, auto const&) {
        return activation::forward(of_input + of_hidden);
    }
};
struct gru_gates {
    static constexpr int count = 3;
    static constexpr bool bias_inside = true;
    template <int Hidden>
    static constexpr auto next(auto const& of_input, auto const& of_hidden, auto const& h) {
        auto const r = sigmoid(gate<0, Hidden>(of_input) + gate<0, Hidden>(of_hidden));
        auto const z = sigmoid(gate<1, Hidden>(of_input) + gate<1, Hidden>(of_hidden));
        auto const n = tanh(gate<2, Hidden>(of_input) + r * gate<2, Hidden>(of_hidden));
        return z * h + (1 - z) * n;
    }
};
// Of the two states it takes the second one, c, and gives both.
struct lstm_gates {
    static constexpr int count = 4;
    static constexpr bool bias_inside = false;
    template <int Hidden>
    static constexpr auto next(auto const& of_input, auto const& of_hidden, auto const& c) {
        auto const all = of_input + of_hidden;
        auto const kept = sigmoid(gate<1, Hidden>(all)) * c;
        auto const next_c = kept + sigmoid(gate<0, Hidden>(all)) * tanh(gate<2, Hidden>(all));
        return std::tuple{sigmoid(gate<3, Hidden>(all)) * tanh(next_c), next_c};
    }
};

// The shape of x with another last extent.
template <class Shape, int Last>
struct with_last {
    static constexpr extents value() {
        extents s = Shape::value;
        if (s.rank == 0) s.rank = 1;
        s.d[s.rank - 1] = Last;
        return s;
    }
};

// Draws those tensors of a layer that are empty, as PyTorch does.
template <int Hidden>
void initialize_recurrent(auto& layer, random& numbers) {
    for_each_tensor(layer, [&](auto& t) {
        if (t.empty() && t.trained) t.initialize(numbers, 1 / std::sqrt(double(Hidden)));
    });
}

// Does the input end in as many numbers as the layer takes? Says so where it does not.
template <fixed_string Name, int In, int Hidden, class X>
constexpr bool takes_inputs() {
    constexpr extents s = extents_of<X>;
    constexpr bool fits = s.rank >= 1 && s.from_end(0) == In;
    if constexpr (!fits) {
        using wrong =
            mistake<sentence(Name.view(), ": ", In, " inputs expected, ", s.rank == 0 ? 1 : s.from_end(0),
                             " given, the last extent of ", s, ": write ", Name.view(), "<",
                             s.rank == 0 ? 1 : s.from_end(0), ", ", Hidden, ">, or change what comes before it")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}
// Have the states the shapes that belong to the input: a first, and of an LSTM a second one?
template <fixed_string Name, class First, class Second, class X, class H, class... C>
constexpr bool takes_states() {
    constexpr bool fits = extents_of<H> == First::value && ((extents_of<C> == Second::value) && ...);
    if constexpr (!fits && (sizeof...(C) == 0 || First::value == Second::value)) {
        using wrong =
            mistake<sentence(Name.view(), ": the state of an input ", extents_of<X>, " must be ", First::value,
                             ": given are ", named_operands<operand_type<H>, operand_type<C>...>().view())>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (!fits) {
        using wrong = mistake<sentence(Name.view(), ": the states of an input ", extents_of<X>, " must be ",
                                       First::value, " and ", Second::value, ": given are ",
                                       named_operands<operand_type<H>, operand_type<C>...>().view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
