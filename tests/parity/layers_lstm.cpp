// lstm, and a batch of sequences, for layers.py. SPDX-License-Identifier: BSL-1.0
#include "layers.hpp"

#include <paramorph/nn/recurrent.hpp>

namespace {

template <class T>
struct lstms {
    BOOST_HANA_DEFINE_STRUCT(lstms, (tensor<T, 5, 3>, x), (tensor<T, 1, 4>, h), (tensor<T, 1, 4>, c),
                             (pm::nn::lstm<3, 4, of<T>>, lstm), (tensor<T, 5, 4>, of_y), (tensor<T, 1, 4>, of_h),
                             (tensor<T, 1, 4>, of_c));
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

}  // namespace

template <class T>
int run_lstm(std::string_view name) {
    return name == "lstms" ? run_case<lstms<T>>() : name == "batches" ? run_case<batches<T>>() : -1;
}
template int run_lstm<float>(std::string_view);
template int run_lstm<double>(std::string_view);
