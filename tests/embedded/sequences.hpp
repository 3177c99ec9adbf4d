// Networks that read a digit as a sequence of eight rows of pixels: two convolutions over the rows, and a GRU that
// reads them from the first to the last.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/common.hpp"

namespace sequences {

namespace pm = paramorph;

inline constexpr int rows = 8, row_pixels = 8, classes = 10;

// The digits of an input, [64] or [digits, 64], as [digits, 8, 8].
constexpr auto as_rows(auto x) {
    return pm::reshape<pm::shape<decltype(x)::shape_type::size / (rows * row_pixels), rows, row_pixels>>(x);
}
// Logits, [10] or [digits, 10], as the input was.
template <class X>
constexpr auto as_given(auto logits) {
    if constexpr (X::rank == 1)
        return pm::reshape<pm::shape<classes>>(logits);
    else
        return logits;
}

// Columns of pixels are time, rows are channels.
struct convolutional {
    static constexpr int channels = 32;
    using input_shape = pm::shape<rows * row_pixels>;
    pm::nn::sequential<pm::nn::conv1d<rows, channels, 3, pm::padding<1>>, pm::nn::relu,
                       pm::nn::conv1d<channels, channels, 3, pm::padding<1>>, pm::nn::relu, pm::nn::flatten<>,
                       pm::nn::linear<row_pixels * channels, classes>>
        layers;
    constexpr auto forward(auto x) const { return as_given<decltype(x)>(layers(as_rows(x))); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// Rows of pixels are time.
struct recurrent {
    static constexpr int hidden = 48;
    using input_shape = pm::shape<rows * row_pixels>;
    pm::nn::gru<row_pixels, hidden, pm::batch_first> memory;
    pm::nn::linear<hidden, classes> head;
    constexpr auto forward(auto x) const {
        auto const [ys, last] = memory(as_rows(x));
        constexpr int digits = decltype(last)::shape_type::size / hidden;
        return as_given<decltype(x)>(head(pm::reshape<pm::shape<digits, hidden>>(last)));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// A sound, sample by sample: [1, time] becomes [time, 1].
struct follower {
    pm::nn::sequential<pm::nn::conv1d<1, 8, 3, pm::padding<pm::causal>>, pm::nn::tanh,
                       pm::nn::conv1d<8, 8, 3, pm::padding<pm::causal>, pm::dilation<2>>>
        ear;
    pm::nn::gru<8, 16> memory;
    pm::nn::linear<16, 1> head;
    constexpr auto forward(auto x) const {
        auto const [ys, last] = memory(pm::transpose(ear(x)));
        return head(ys);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
inline constexpr int samples = 96;
constexpr float sample(int t) {
    return static_cast<float>((t * 37 + t * t % 11) % 64) * (1.0F / 32) - 1;
}

}  // namespace sequences

BOOST_HANA_ADAPT_STRUCT(sequences::convolutional, layers);
BOOST_HANA_ADAPT_STRUCT(sequences::recurrent, memory, head);
BOOST_HANA_ADAPT_STRUCT(sequences::follower, ear, memory, head);
