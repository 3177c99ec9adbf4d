// Recurrent layers over words: a table of words of which one is padding, an LSTM in both directions with a projection,
// two layers of a plain recurrence behind it, and cells that are called a step at a time. Exit status 0 if the layer
// and its cell agree, and shapes are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
namespace nn = pm::nn;

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

struct reader {
    nn::embedding<10, 6, pm::padding_idx<0>> words;
    nn::lstm<6, 8, pm::bidirectional, pm::batch_first, pm::proj_size<3>> both_ways;
    nn::rnn<6, 4, pm::num_layers<2>, pm::batch_first> onwards;
    nn::rms_norm<pm::shape<4>> norm;
    constexpr auto forward(auto text) const {  // [batch, time]
        auto const [seen, h, c] = both_ways(words(text));
        auto const [said, last] = onwards(seen);
        return norm(said);
    }
    constexpr auto operator()(auto const& text) const { return pm::call(*this, text); }
};
BOOST_HANA_ADAPT_STRUCT(reader, words, both_ways, onwards, norm);

// A layer a step at a time: the cell has the same tensors.
template <class Layer, class Cell>
float largest_difference() {
    auto const layer = pm::make<Layer>(pm::seed{2});
    Cell cell;
    pm::get<"weight_ih">(cell) = pm::get<"weight_ih_l0">(layer)();
    pm::get<"weight_hh">(cell) = pm::get<"weight_hh_l0">(layer)();
    pm::get<"bias_ih">(cell) = pm::get<"bias_ih_l0">(layer)();
    pm::get<"bias_hh">(cell) = pm::get<"bias_hh_l0">(layer)();
    fixed<5, 3> xs;
    for (std::size_t k = 0; k < xs.size(); ++k) xs.data()[k] = 0.1f * static_cast<float>(k % 7) - 0.3f;
    auto const all = layer(xs);
    auto const ys = std::get<0>(all);
    fixed<4> h{}, c{};
    float most = 0;
    for (std::size_t t = 0; t < 5; ++t) {
        fixed<3> const now{xs(t, 0), xs(t, 1), xs(t, 2)};
        if constexpr (std::tuple_size_v<std::remove_cvref_t<decltype(all)>> == 3) {
            auto const [next_h, next_c] = cell(now, h, c);  // an LSTM has two states
            h = next_h;
            c = next_c;
        } else
            h = cell(now, h);
        for (std::size_t k = 0; k < 4; ++k)
            if (float const d = std::abs(h(k) - ys(t, k)); d > most || d != d) most = d;
    }
    return most;
}

int main() {
    auto const net = pm::make<reader>(pm::seed{0});
    xt::xtensor_fixed<std::int32_t, xt::xshape<2, 7>> const text{{3, 1, 4, 1, 5, 9, 2}, {6, 5, 3, 5, 0, 0, 0}};
    auto const said = net(text);
    std::printf("%zu numbers; the first of each text %g and %g\n", said.size(), double(said(0, 0, 0)),
                double(said(1, 0, 0)));
    float const gru = largest_difference<nn::gru<3, 4>, nn::gru_cell<3, 4>>(),
                lstm = largest_difference<nn::lstm<3, 4>, nn::lstm_cell<3, 4>>(),
                rnn = largest_difference<nn::rnn<3, 4>, nn::rnn_cell<3, 4>>();
    std::printf("layers against their cells: %g, %g, %g\n", double(gru), double(lstm), double(rnn));
    // Dropout between the layers of a stack acts in training alone: of ones that pass the first layer, some are gone.
    using stack = nn::gru<3, 4, pm::num_layers<2>, pm::dropout<0.5>>;
    auto with_dropout = pm::make<stack>(pm::seed{3});
    auto const without = pm::make<nn::gru<3, 4, pm::num_layers<2>>>(pm::seed{3});
    fixed<5, 3> ones;
    ones.fill(1);
    auto const still = std::get<0>(pm::inference(with_dropout)(ones)), whole = std::get<0>(without(ones)),
               dropped = std::get<0>(pm::training(with_dropout)(ones));
    bool const drops = still == whole && dropped != whole;
    std::printf("in training half of what passes between layers is dropped: %s\n", drops ? "yes" : "NO");
    bool const padding_is_zero = pm::get<"words.weight">(net)()(0, 3) == 0;
    return said.size() == 2 * 7 * 4 && padding_is_zero && drops && gru < 1e-6f && lstm < 1e-6f && rnn < 1e-6f ? 0 : 1;
}
