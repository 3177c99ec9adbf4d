// Layers for layers.py: `layers float|double CASE`, see layers.hpp. SPDX-License-Identifier: BSL-1.0
#include "layers.hpp"

#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/flatten.hpp>
#include <paramorph/nn/normalization.hpp>
#include <paramorph/nn/parallel.hpp>
#include <paramorph/nn/prelu.hpp>
#include <paramorph/nn/residual.hpp>

namespace {

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
        return pm::sum(each<nn::tanh, nn::relu, nn::sigmoid, nn::softplus, nn::gelu, nn::silu, nn::elu<0.5>, nn::leaky_relu<>, nn::hardtanh<-0.5, 2>, nn::relu6,
                            nn::hardsigmoid, nn::hardswish, nn::mish, nn::softmax<>, nn::log_softmax<>>(x.as_symbol()) *
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
int run_other(std::string_view name) {
    return name == "activations"      ? run_case<activations<T>>()
           : name == "normalizations" ? run_case<normalizations<T>>()
           : name == "containers"     ? run_case<containers<T>>()
                                      : -1;
}
template <class T>
int run(std::string_view name) {
    int status = run_recurrent<T>(name);
    if (status < 0) status = run_lstm<T>(name);
    if (status < 0) status = run_other<T>(name);
    return status < 0 ? 1 : status;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 1;
    return std::string_view(arguments[1]) == "float" ? run<float>(arguments[2]) : run<double>(arguments[2]);
}
