// A case is a module whose inputs and cotangents are tensors of its own, and whose objective is the sum of results
// times cotangents. Its gradient then holds, beside that of every weight, those of the inputs, and, as that of the
// cotangents, the results.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <vector>

#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/attention.hpp>
#include <paramorph/nn/film.hpp>
#include <paramorph/nn/flatten.hpp>
#include <paramorph/nn/normalization.hpp>
#include <paramorph/nn/parallel.hpp>
#include <paramorph/nn/prelu.hpp>
#include <paramorph/nn/recurrent.hpp>
#include <paramorph/nn/residual.hpp>

namespace pm = paramorph;

template <class T, int... E>
using tensor = pm::tensor<pm::shape<E...>, pm::chain<>, T>;
template <class T>
using of = pm::element_type<T>;

constexpr auto objective = [](auto& n, auto one) { return one * n.objective(); };

template <class T>
struct sequences {
    BOOST_HANA_DEFINE_STRUCT(sequences, (tensor<T, 5, 3>, x), (tensor<T, 1, 4>, h), (pm::nn::rnn<3, 4, of<T>>, rnn),
                             (pm::nn::gru<3, 4, of<T>>, gru), (tensor<T, 5, 4>, of_rnn), (tensor<T, 1, 4>, of_rnn_h),
                             (tensor<T, 5, 4>, of_gru), (tensor<T, 1, 4>, of_gru_h));
    constexpr auto objective() const {
        auto const [y, y_h] = rnn.forward(x.as_symbol(), h.as_symbol());
        auto const [z, z_h] = gru.forward(x.as_symbol(), h.as_symbol());
        return pm::sum(y * of_rnn) + pm::sum(y_h * of_rnn_h) + pm::sum(z * of_gru) + pm::sum(z_h * of_gru_h);
    }
};
template <class T>
struct cells {
    BOOST_HANA_DEFINE_STRUCT(cells, (tensor<T, 2, 3>, x), (tensor<T, 2, 4>, h), (tensor<T, 2, 4>, c),
                             (pm::nn::rnn_cell<3, 4, of<T>, pm::nn::relu>, rnn),
                             (pm::nn::gru_cell<3, 4, of<T>, pm::no_bias>, gru), (pm::nn::lstm_cell<3, 4, of<T>>, lstm),
                             (tensor<T, 2, 4>, of_rnn), (tensor<T, 2, 4>, of_gru), (tensor<T, 2, 4>, of_h),
                             (tensor<T, 2, 4>, of_c));
    constexpr auto objective() const {
        auto const [next_h, next_c] = lstm.forward(x.as_symbol(), h.as_symbol(), c.as_symbol());
        return pm::sum(rnn.forward(x.as_symbol(), h.as_symbol()) * of_rnn) +
               pm::sum(gru.forward(x.as_symbol()) * of_gru) + pm::sum(next_h * of_h) + pm::sum(next_c * of_c);
    }
};
template <class T>
struct lstms {
    BOOST_HANA_DEFINE_STRUCT(lstms, (tensor<T, 5, 3>, x), (tensor<T, 2, 2>, h), (tensor<T, 2, 4>, c),
                             (pm::nn::lstm<3, 4, of<T>, pm::bidirectional, pm::proj_size<2>>, lstm),
                             (tensor<T, 5, 4>, of_y), (tensor<T, 2, 2>, of_h), (tensor<T, 2, 4>, of_c));
    constexpr auto objective() const {
        auto const [y, y_h, y_c] = lstm.forward(x.as_symbol(), h.as_symbol(), c.as_symbol());
        return pm::sum(y * of_y) + pm::sum(y_h * of_h) + pm::sum(y_c * of_c);
    }
};
template <class T>
struct batches {
    BOOST_HANA_DEFINE_STRUCT(batches, (tensor<T, 3, 2, 3>, x), (tensor<T, 1, 2, 5>, h),
                             (pm::nn::gru<3, 5, of<T>, pm::no_bias>, gru), (tensor<T, 3, 2, 5>, of_y),
                             (tensor<T, 1, 2, 5>, of_h));
    constexpr auto objective() const {
        auto const [y, y_h] = gru.forward(x.as_symbol(), h.as_symbol());
        return pm::sum(y * of_y) + pm::sum(y_h * of_h);
    }
};

// Several layers.
template <class T>
struct stacks {
    using stack_of_lstm = pm::nn::lstm<3, 4, of<T>, pm::num_layers<2>, pm::bidirectional, pm::proj_size<2>>;
    BOOST_HANA_DEFINE_STRUCT(stacks, (tensor<T, 3, 2, 3>, x), (tensor<T, 4, 2, 2>, h), (tensor<T, 4, 2, 4>, c),
                             (tensor<T, 3, 2, 2>, h_of_gru), (stack_of_lstm, lstm),
                             (pm::nn::gru<3, 2, of<T>, pm::num_layers<3>, pm::no_bias>, gru),
                             (pm::nn::rnn<3, 3, of<T>, pm::bidirectional, pm::nn::relu>, rnn),
                             (pm::nn::lstm<3, 2, of<T>, pm::num_layers<2>>, plain), (tensor<T, 3, 2, 4>, of_lstm),
                             (tensor<T, 4, 2, 2>, of_h), (tensor<T, 4, 2, 4>, of_c), (tensor<T, 3, 2, 2>, of_gru),
                             (tensor<T, 3, 2, 2>, of_gru_h), (tensor<T, 3, 2, 6>, of_rnn),
                             (tensor<T, 2, 2, 3>, of_rnn_h), (tensor<T, 3, 2, 2>, of_plain));
    constexpr auto objective() const {
        auto const in = x.as_symbol();
        auto const [y, y_h, y_c] = lstm.forward(in, h.as_symbol(), c.as_symbol());
        auto const [z, z_h] = gru.forward(in, h_of_gru.as_symbol());
        auto const [r, r_h] = rnn.forward(in);
        return pm::sum(y * of_lstm) + pm::sum(y_h * of_h) + pm::sum(y_c * of_c) + pm::sum(z * of_gru) +
               pm::sum(z_h * of_gru_h) + pm::sum(r * of_rnn) + pm::sum(r_h * of_rnn_h) +
               pm::sum(std::get<0>(plain.forward(in)) * of_plain);
    }
};

// One row for each; the numbers of a layer follow its name.
template <class T>
struct activations {
    BOOST_HANA_DEFINE_STRUCT(activations, (tensor<T, 15, 7>, x), (tensor<T, 15, 7>, of_y));
    template <class... Layer>
    static constexpr auto each(auto rows) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return pm::concatenate<0>(Layer::forward(pm::slice<0, int(K), int(K) + 1>(rows))...);
        }(std::index_sequence_for<Layer...>{});
    }
    constexpr auto objective() const {
        namespace nn = pm::nn;
        return pm::sum(each<nn::tanh, nn::relu, nn::sigmoid, nn::softplus, nn::gelu, nn::silu, nn::elu<0.5>,
                            nn::leaky_relu<>, nn::hardtanh<-0.5, 2>, nn::relu6, nn::hardsigmoid, nn::hardswish,
                            nn::mish, nn::softmax<>, nn::log_softmax<>>(x.as_symbol()) *
                       of_y);
    }
};
template <class T>
struct normalizations {
    BOOST_HANA_DEFINE_STRUCT(normalizations, (tensor<T, 3, 6, 5>, x), (pm::nn::layer_norm<pm::shape<5>, of<T>>, layer),
                             (pm::nn::layer_norm<pm::shape<6, 5>, pm::epsilon<0.5>, pm::no_bias, of<T>>, two_axes),
                             (pm::nn::rms_norm<pm::shape<5>, of<T>, pm::epsilon<1e-3>>, rms),
                             (pm::nn::group_norm<3, 6, of<T>>, group), (tensor<T, 3, 6, 5>, of_layer),
                             (tensor<T, 3, 6, 5>, of_two_axes), (tensor<T, 3, 6, 5>, of_rms),
                             (tensor<T, 3, 6, 5>, of_group));
    constexpr auto objective() const {
        auto const in = x.as_symbol();
        return pm::sum(layer.forward(in) * of_layer) + pm::sum(two_axes.forward(in) * of_two_axes) +
               pm::sum(rms.forward(in) * of_rms) + pm::sum(group.forward(in) * of_group);
    }
};
template <class T>
struct containers {
    template <int In, int Out>
    using linear = pm::nn::linear<In, Out, of<T>>;
    using block = pm::nn::residual<pm::nn::parallel<-1, linear<6, 4>, linear<6, 2>>, pm::nn::prelu<1, of<T>>>;
    BOOST_HANA_DEFINE_STRUCT(containers, (tensor<T, 2, 3, 6>, x), (block, residual), (pm::nn::prelu<3, of<T>>, prelu),
                             (tensor<T, 2, 3, 6>, of_residual), (tensor<T, 2, 3, 6>, of_prelu),
                             (tensor<T, 2, 9>, of_glu));
    constexpr auto objective() const {
        auto const in = x.as_symbol();
        auto const halves = pm::nn::glu<>::forward(in);
        return pm::sum(residual.forward(in) * of_residual) + pm::sum(prelu.forward(in) * of_prelu) +
               pm::sum(pm::nn::flatten<>::forward(halves) * of_glu);
    }
};

template <class T>
struct attentions {
    using causal = pm::nn::multihead_attention<6, 3, of<T>, pm::causal_mask, pm::no_bias>;
    BOOST_HANA_DEFINE_STRUCT(attentions, (tensor<T, 5, 6>, x), (tensor<T, 5, 5>, mask), (tensor<T, 2, 3, 6>, batch),
                             (tensor<T, 2, 5>, condition), (tensor<T, 4, 6>, key), (tensor<T, 4, 6>, value),
                             (tensor<T, 5, 4>, of_key), (tensor<T, 2, 4, 6>, keys), (tensor<T, 2, 1, 1, 4>, there),
                             (pm::nn::multihead_attention<6, 2, of<T>>, plain), (causal, masked),
                             (pm::nn::film<3, 5, of<T>>, film), (pm::nn::multihead_attention<6, 2, of<T>>, cross),
                             (tensor<T, 5, 6>, of_plain), (tensor<T, 2, 3, 6>, of_masked),
                             (tensor<T, 2, 3, 6>, of_film), (tensor<T, 5, 6>, of_cross),
                             (tensor<T, 2, 3, 6>, of_crossed_rows), (tensor<T, 2, 3, 6>, of_padded_rows));
    constexpr auto objective() const {
        auto const rows = batch.as_symbol();
        return pm::sum(plain.forward(x.as_symbol(), mask.as_symbol()) * of_plain) +
               pm::sum(masked.forward(rows) * of_masked) +
               pm::sum(film.forward(rows, condition.as_symbol()) * of_film) +
               pm::sum(cross.forward(x.as_symbol(), key.as_symbol(), value.as_symbol(), of_key.as_symbol()) *
                       of_cross) +
               pm::sum(cross.forward(rows, keys.as_symbol(), keys.as_symbol()) * of_crossed_rows) +
               pm::sum(cross.forward(rows, keys.as_symbol(), keys.as_symbol(), there.as_symbol()) * of_padded_rows);
    }
};

// The gradient by kernels, in float, of a case of the other files; of no numbers for any other name.
std::vector<double> recurrent_by_kernels(std::string_view name, std::vector<double> const& given);
std::vector<double> others_by_kernels(std::string_view name, std::vector<double> const& given);
