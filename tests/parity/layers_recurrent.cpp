// rnn, gru and the cells, for layers.py. SPDX-License-Identifier: BSL-1.0
#include "layers.hpp"

#include <paramorph/nn/recurrent.hpp>

namespace {

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

}  // namespace

template <class T>
int run_recurrent(std::string_view name) {
    return name == "sequences" ? run_case<sequences<T>>() : name == "cells" ? run_case<cells<T>>() : -1;
}
template int run_recurrent<float>(std::string_view);
template int run_recurrent<double>(std::string_view);
