// The networks that Neural Amp Modeler's captures are, as types. The order of the members is the order of the numbers
// in a file.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/nn/streaming.hpp>

#include <tuple>

namespace amp {

namespace pm = paramorph;

template <int In, int Out, int Size, class... Options>
using causal = pm::nn::conv1d<In, Out, Size, pm::padding<pm::causal>, Options...>;

// A layer of a WaveNet without gates: z = f(conv(x) + mixin(condition)), which the head gets; x + mix(z) goes on.
template <int Channels, int Size, int Dilation, class Activation>
struct wavenet_layer {
    using activation = Activation;
    static constexpr int size = Size, dilation = Dilation;
    using dilated = causal<Channels, Channels, Size, pm::dilation<Dilation>>;
    using of_condition = causal<1, Channels, 1, pm::no_bias>;
    using of_frame = causal<Channels, Channels, 1>;
    BOOST_HANA_DEFINE_STRUCT(wavenet_layer, (dilated, conv), (of_condition, mixin), (of_frame, mix));

    constexpr auto forward(auto x, auto condition) const {
        auto const z = Activation::forward(conv(x) + mixin(condition));
        return std::tuple{z, x + mix(z)};
    }
    constexpr auto operator()(auto const& x, auto const& condition) const { return pm::call(*this, x, condition); }
};

// A stack of layers of the same width. Options of the head say whether it has a bias.
template <int In, int Channels, int Head, int HeadSize, class HeadOptions, class... Layer>
struct layer_array;
template <int In, int Channels, int Head, int HeadSize, class... Option, class... Layer>
struct layer_array<In, Channels, Head, HeadSize, std::tuple<Option...>, Layer...> {
    static constexpr int channels = Channels, input_size = In, head = Head, head_size = HeadSize;
    static constexpr bool head_bias = sizeof...(Option) == 0;
    using of_input = causal<In, Channels, 1, pm::no_bias>;
    using stack = pm::nn::sequential<Layer...>;
    using of_head = causal<Channels, Head, HeadSize, Option...>;
    BOOST_HANA_DEFINE_STRUCT(layer_array, (of_input, rechannel), (stack, layers), (of_head, head_rechannel));

    // x, the condition, and what the head of the array before gives: what goes to the next array, and to its head.
    constexpr auto forward(auto x, auto condition, auto... before) const {
        auto const [last, sum] = run<0>(rechannel(x), condition, before...);
        return std::tuple{last, head_rechannel(sum)};
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }

  private:
    template <int I>
    constexpr auto run(auto x, auto condition, auto... sum) const {
        auto const [z, next] = std::get<I>(layers.layers)(x, condition);
        auto const all = (sum + ... + z);
        if constexpr (I + 1 == sizeof...(Layer))
            return std::tuple{next, all};
        else
            return run<I + 1>(next, condition, all);
    }
};

template <class... Array>
struct wavenet {
    using frames = pm::frames<1, pm::time_axis>;
    using stack = pm::nn::sequential<Array...>;
    BOOST_HANA_DEFINE_STRUCT(wavenet, (stack, arrays), (pm::tensor<pm::shape<1>>, head_scale));

    constexpr auto forward(auto x) const { return run<0>(x, x) * head_scale; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }

  private:
    template <int I>
    constexpr auto run(auto condition, auto x, auto... head) const {
        auto const [last, sum] = std::get<I>(arrays.layers)(x, condition, head...);
        if constexpr (I + 1 == sizeof...(Array))
            return sum;
        else
            return run<I + 1>(condition, last, sum);
    }
};

// An LSTM from a state that was learned, and a head.
template <int Layers, int Hidden>
struct recurrent {
    using frames = pm::frames<pm::time_axis, 1>;
    static constexpr int layers = Layers, hidden = Hidden;
    using lstm = pm::nn::lstm<1, Hidden, pm::num_layers<Layers>>;
    using states = pm::tensor<pm::shape<Layers, Hidden>>;
    using of_frame = pm::nn::linear<Hidden, 1>;
    BOOST_HANA_DEFINE_STRUCT(recurrent, (lstm, cells), (states, first_h), (states, first_c), (of_frame, head));

    constexpr auto forward(auto x) const {
        auto const [ys, h, c] = cells(x, first_h, first_c);
        return head(ys);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// A1, standard: two stacks of ten, 16 and 8 channels wide.
template <int In, int Channels, int Head, class... HeadOption>
using ten_layers =
    layer_array<In, Channels, Head, 1, std::tuple<HeadOption...>, wavenet_layer<Channels, 3, 1, pm::nn::tanh>,
                wavenet_layer<Channels, 3, 2, pm::nn::tanh>, wavenet_layer<Channels, 3, 4, pm::nn::tanh>,
                wavenet_layer<Channels, 3, 8, pm::nn::tanh>, wavenet_layer<Channels, 3, 16, pm::nn::tanh>,
                wavenet_layer<Channels, 3, 32, pm::nn::tanh>, wavenet_layer<Channels, 3, 64, pm::nn::tanh>,
                wavenet_layer<Channels, 3, 128, pm::nn::tanh>, wavenet_layer<Channels, 3, 256, pm::nn::tanh>,
                wavenet_layer<Channels, 3, 512, pm::nn::tanh>>;
using a1_standard = wavenet<ten_layers<1, 16, 8, pm::no_bias>, ten_layers<16, 8, 1>>;

// A2: one stack of 23.
template <int Channels, int Size, int Dilation>
using a2_layer = wavenet_layer<Channels, Size, Dilation, pm::nn::leaky_relu<>>;
template <int C>
using a2 = wavenet<
    layer_array<1, C, 1, 16, std::tuple<>, a2_layer<C, 6, 1>, a2_layer<C, 6, 3>, a2_layer<C, 6, 7>, a2_layer<C, 6, 17>,
                a2_layer<C, 6, 41>, a2_layer<C, 6, 101>, a2_layer<C, 6, 239>, a2_layer<C, 6, 1>, a2_layer<C, 6, 3>,
                a2_layer<C, 6, 7>, a2_layer<C, 6, 17>, a2_layer<C, 6, 41>, a2_layer<C, 6, 101>, a2_layer<C, 6, 239>,
                a2_layer<C, 15, 1>, a2_layer<C, 15, 13>, a2_layer<C, 6, 1>, a2_layer<C, 6, 3>, a2_layer<C, 6, 7>,
                a2_layer<C, 6, 17>, a2_layer<C, 6, 41>, a2_layer<C, 6, 101>, a2_layer<C, 6, 239>>>;

}  // namespace amp
