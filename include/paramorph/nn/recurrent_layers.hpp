// The tensors of a recurrent layer over a sequence: of each layer of a stack and each direction, with PyTorch's names
// and in its order: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_hr_l0 (of a projection), the same of
// l0_reverse, of l1. pm::get<"weight_ih_l1_reverse">(net) is any of them; those of the first four layers are members of
// these names. With dropout between layers `dropout.state` follows, see dropout.hpp. Errors: a number of layers or a
// size that is not positive is the compiler's. Cost: none of their own (nn/recurrent.hpp). Source: torch.nn.RNN, GRU,
// LSTM.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/nn/dropout.hpp"
#include "paramorph/nn/recurrent_weights.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Options of recurrent layers, as torch.nn's arguments of these names. num_layers: a stack, each layer reads the
// results of the one before it.
template <int Count>
struct num_layers {
    static_assert(detail::holds<(Count > 0), "num_layers: the number of layers must be positive">());
};
// A second layer reads the sequence from its end; the results stand side by side, [..., 2 hidden].
struct bidirectional {};
// Sequences are [batch, time, features], not [time, batch, features]; states stay [layers, batch, hidden].
struct batch_first {};
// Of lstm: the hidden state is a product of a matrix [size, hidden] with what it would be, weight_hr_l0.
template <int Size>
struct proj_size {
    static_assert(detail::holds<(Size > 0), "proj_size: the size must be positive; leave the option out for none">());
};
// Between the layers of a stack, in training: each result is 0 with probability P, else divided by 1 - P.
template <auto P>
struct dropout {
    static_assert(P >= 0 && P <= 1, "dropout: the probability must lie in [0, 1]");
};

namespace detail {

template <class Option>
inline constexpr int layers_named = 0;
template <int Count>
inline constexpr int layers_named<num_layers<Count>> = at_least_one(Count);
template <class Option>
inline constexpr int projection_named = 0;
template <int Size>
inline constexpr int projection_named<proj_size<Size>> = at_least_one(Size);

template <class Option>
inline constexpr bool is_dropout = false;
template <auto P>
inline constexpr bool is_dropout<dropout<P>> = true;

template <class Option>
inline constexpr bool is_sequence_option =
    is_recurrent_option<Option> || layers_named<Option> != 0 || std::is_same_v<Option, bidirectional> ||
    std::is_same_v<Option, batch_first> || is_dropout<Option>;

// What is between the layers of a stack, whose results become the inputs of the next one.
template <class T, class... Options>
struct between_layers {
    static constexpr auto between(auto ys) { return ys; }
    static constexpr auto members() { return std::tuple<>{}; }
};
template <class T, class Option, class... Rest>
struct between_layers<T, Option, Rest...> : between_layers<T, Rest...> {};
template <class T, auto P, class... Rest>
struct between_layers<T, paramorph::dropout<P>, Rest...> {
    static_assert(sizeof(paramorph::dropout<P>) > 0);
    nn::dropout<P, element_type<T>> dropout;
    constexpr auto between(auto ys) const { return dropout(ys); }
    static constexpr auto members() {
        auto const member = [](auto& layer) -> auto& { return layer.dropout; };
        return std::tuple{hana::make_pair(hana::string_c<'d', 'r', 'o', 'p', 'o', 'u', 't'>, member)};
    }
};

// Stands for a tensor that a layer does not have. Each is a type of its own, so that it takes no memory.
template <int I>
struct no_tensor {};

// How many gates, layers and directions there are, how wide is what they take and give, and their tensors' types.
template <int Gates, int In, int Hidden, class... Options>
struct sequence_of : layer_options<Options...> {
    static constexpr int first_of(std::initializer_list<int> all, int otherwise) {
        for (int n : all)
            if (n != 0) return n;
        return otherwise;
    }
    static constexpr int layers = first_of({layers_named<Options>...}, 1);
    static constexpr int directions = (std::is_same_v<Options, bidirectional> || ...) ? 2 : 1;
    static constexpr bool takes_batch_first = (std::is_same_v<Options, batch_first> || ...);
    static constexpr int projected = first_of({projection_named<Options>...}, 0);
    static constexpr int hidden = at_least_one(Hidden), output = projected > 0 ? projected : hidden;
    static constexpr int inputs_of(int layer) { return layer == 0 ? at_least_one(In) : directions * output; }

    using options = layer_options<Options...>;
    using value_type = typename options::value_type;
    using between =
        std::conditional_t<(layers > 1), between_layers<value_type, Options...>, between_layers<value_type>>;
    template <int Layer>
    using input_weight = recurrent_tensor<options, Gates * hidden, inputs_of(Layer)>;
    using hidden_weight = recurrent_tensor<options, Gates * hidden, output>;
    template <int I>
    using bias = std::conditional_t<options::has_bias, recurrent_tensor<options, Gates * hidden>, no_tensor<I>>;
    using projection = std::conditional_t<(projected > 0), recurrent_tensor<options, output, hidden>, no_tensor<4>>;
};

// The tensors of one direction of one layer. Those of four layers are members of PyTorch's names.
template <class S, int Layer, bool Reverse>
struct layer_tensors {
    typename S::template input_weight<Layer> weight_ih;
    typename S::hidden_weight weight_hh;
    [[no_unique_address]] typename S::template bias<2> bias_ih;
    [[no_unique_address]] typename S::template bias<3> bias_hh;
    [[no_unique_address]] typename S::projection weight_hr;
    template <std::size_t I>
    static constexpr auto& tensor(auto& s) {
        if constexpr (I == 0)
            return s.weight_ih;
        else if constexpr (I == 1)
            return s.weight_hh;
        else if constexpr (I == 2)
            return s.bias_ih;
        else if constexpr (I == 3)
            return s.bias_hh;
        else
            return s.weight_hr;
    }
};
#define PARAMORPH_LAYER_TENSORS(Layer, Reverse, suffix)                     \
    template <class S>                                                      \
    struct layer_tensors<S, Layer, Reverse> {                               \
        typename S::template input_weight<Layer> weight_ih##suffix;         \
        typename S::hidden_weight weight_hh##suffix;                        \
        [[no_unique_address]] typename S::template bias<2> bias_ih##suffix; \
        [[no_unique_address]] typename S::template bias<3> bias_hh##suffix; \
        [[no_unique_address]] typename S::projection weight_hr##suffix;     \
        template <std::size_t I>                                            \
        static constexpr auto& tensor(auto& s) {                            \
            if constexpr (I == 0)                                           \
                return s.weight_ih##suffix;                                 \
            else if constexpr (I == 1)                                      \
                return s.weight_hh##suffix;                                 \
            else if constexpr (I == 2)                                      \
                return s.bias_ih##suffix;                                   \
            else if constexpr (I == 3)                                      \
                return s.bias_hh##suffix;                                   \
            else                                                            \
                return s.weight_hr##suffix;                                 \
        }                                                                   \
    };
PARAMORPH_LAYER_TENSORS(0, false, _l0)
PARAMORPH_LAYER_TENSORS(0, true, _l0_reverse)
PARAMORPH_LAYER_TENSORS(1, false, _l1)
PARAMORPH_LAYER_TENSORS(1, true, _l1_reverse)
PARAMORPH_LAYER_TENSORS(2, false, _l2)
PARAMORPH_LAYER_TENSORS(2, true, _l2_reverse)
PARAMORPH_LAYER_TENSORS(3, false, _l3)
PARAMORPH_LAYER_TENSORS(3, true, _l3_reverse)
#undef PARAMORPH_LAYER_TENSORS

// "weight_ih_l" and the layer give "weight_ih_l1_reverse".
template <fixed_string Name, int Layer, bool Reverse>
constexpr auto name_in_layer() {
    constexpr std::size_t head = Name.view().size(), digits = Layer < 10 ? 1 : Layer < 100 ? 2 : 3;
    constexpr std::string_view tail = Reverse ? "_reverse" : "";
    char text[head + digits + tail.size() + 1]{};
    for (std::size_t i = 0; i < head; ++i) text[i] = Name.text[i];
    int n = Layer;
    for (std::size_t i = digits; i-- > 0; n /= 10) text[head + i] = char('0' + n % 10);
    for (std::size_t i = 0; i < tail.size(); ++i) text[head + digits + i] = tail[i];
    return fixed_string<head + digits + tail.size() + 1>(text);
}

// Tensor I of a direction of a layer, as Hana has a member.
template <class Tensors, std::size_t I>
struct layer_tensor_accessor {
    template <class M>
    constexpr auto& operator()(M& m) const {
        using part = std::conditional_t<std::is_const_v<M>, Tensors const, Tensors>;
        return Tensors::template tensor<I>(static_cast<part&>(m));
    }
};
template <class S, int Layer, bool Reverse>
constexpr auto members_of_layer() {
    using all = layer_tensors<S, Layer, Reverse>;
    auto const member = []<std::size_t I, fixed_string Name>() {
        using type = std::remove_cvref_t<decltype(all::template tensor<I>(std::declval<all&>()))>;
        if constexpr (std::is_empty_v<type>)
            return std::tuple<>{};
        else {
            constexpr auto name = name_in_layer<Name, Layer, Reverse>();
            return std::tuple{[&]<std::size_t... K>(std::index_sequence<K...>) {
                return hana::make_pair(hana::string_c<name.text[K]...>, layer_tensor_accessor<all, I>{});
            }(std::make_index_sequence<name.view().size()>{})};
        }
    };
    return std::tuple_cat(member.template operator()<0, "weight_ih_l">(),
                          member.template operator()<1, "weight_hh_l">(), member.template operator()<2, "bias_ih_l">(),
                          member.template operator()<3, "bias_hh_l">(), member.template operator()<4, "weight_hr_l">());
}

// The tensors of all layers and directions.
template <class S, class Position>
struct all_layer_tensors;
template <class S, int... K>
struct all_layer_tensors<S, std::integer_sequence<int, K...>>
    : layer_tensors<S, K / S::directions, K % S::directions != 0>..., S::between {
    struct hana_accessors_impl {
        static constexpr auto apply() {
            return std::apply([](auto... member) { return hana::make_tuple(member...); },
                              std::tuple_cat(members_of_layer<S, K / S::directions, K % S::directions != 0>()...,
                                             S::between::members()));
        }
    };
};
template <class S>
using sequence_members = all_layer_tensors<S, std::make_integer_sequence<int, S::layers * S::directions>>;

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
