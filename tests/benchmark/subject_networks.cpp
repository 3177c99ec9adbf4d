// paramorph's side of the networks that convolve: what a call of a network runs, and a training step.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/convolution.hpp>
#include <paramorph/nn/flatten.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/names.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/nn/value_and_grad.hpp>

#include "networks.hpp"
#include "subject_run.hpp"

namespace benchmark {
namespace {

namespace nn = paramorph::nn;

template <class Net, class... Shape>
using call_of = paramorph::program::call_of<Net, paramorph::binding::originals, paramorph::input<Shape, float>...>;

using stack =
    nn::sequential<nn::conv1d<1, 8, 1>, nn::tanh, nn::conv1d<8, 4, 3>, nn::tanh, nn::conv1d<4, 4, 1>, nn::tanh,
                   nn::conv1d<4, 4, 3, paramorph::dilation<2>>, nn::tanh, nn::conv1d<4, 1, 1>, nn::sigmoid>;
using images_net =
    nn::sequential<nn::conv2d<1, conv2d_net::first, 3>, nn::relu, nn::conv2d<conv2d_net::first, conv2d_net::second, 3>,
                   nn::relu, nn::flatten<>, nn::linear<conv2d_net::features, conv2d_net::classes>>;

}  // namespace

template <int Channels>
struct amp_layer {
    using of = wavenet_layer<Channels>;
    nn::conv1d<Channels, Channels, of::taps, paramorph::dilation<of::apart>> conv;
    nn::conv1d<1, Channels, 1, paramorph::no_bias> mixin;
    nn::conv1d<Channels, Channels, 1> one;
    constexpr auto forward(auto x, auto signal) const {
        auto const a = nn::leaky_relu<>::forward(conv(x) + mixin(signal));
        return std::tuple{a, paramorph::slice<-1, of::before, of::before + of::frames>(x) + one(a)};
    }
};

}  // namespace benchmark
BOOST_HANA_ADAPT_STRUCT(benchmark::amp_layer<3>, conv, mixin, one);
BOOST_HANA_ADAPT_STRUCT(benchmark::amp_layer<8>, conv, mixin, one);

namespace benchmark {

void network_subject::conv1d_stack(float const* x, float* y) {
    using shape = paramorph::shape<1, 1, benchmark::conv1d_stack::before + benchmark::conv1d_stack::frames>;
    float const* const w = benchmark::conv1d_stack::numbers();
    run<call_of<stack, shape>>({w, w + 8, w + 16, w + 112, w + 116, w + 132, w + 136, w + 184, w + 188, w + 192, x},
                               {y});
}

template <int Channels>
void network_subject::wavenet_layer(float const* x, float* y) {
    using of = benchmark::wavenet_layer<Channels>;
    constexpr int conv = Channels * Channels * of::taps, square = Channels * Channels;
    float const* const w = of::numbers();
    float const* const mixin = w + conv + Channels;
    float const* const one = mixin + Channels;
    run<call_of<amp_layer<Channels>, paramorph::shape<1, Channels, of::before + of::frames>,
                paramorph::shape<1, 1, of::frames>>>({w, w + conv, mixin, one, one + square, x, x + of::signal},
                                                     {y, y + Channels * of::frames});
}
template void network_subject::wavenet_layer<3>(float const*, float*);
template void network_subject::wavenet_layer<8>(float const*, float*);

void network_subject::conv2d_forward(float const* x, float* y) {
    using net = conv2d_net;
    float const* const w = net::numbers();
    float const* const second = w + net::numbers_of_first;
    float const* const dense = second + net::numbers_of_second;
    run<call_of<images_net, paramorph::shape<net::images, 1, net::rows, net::rows>>>(
        {w, w + net::first * 9, second, second + net::second * net::first * 9, dense,
         dense + net::classes * net::features, x},
        {y});
}

namespace {

using net = conv2d_net;

auto trained = [] {
    auto m = paramorph::make<images_net>(paramorph::seed{0});
    float const* w = net::numbers();
    paramorph::for_each_parameter(m, [&](std::string const&, auto& p) {
        std::copy_n(w, p.size(), p.data());
        w += p.size();
    });
    return m;
}();
auto step = paramorph::value_and_grad(
    [](auto& n, auto images, auto labels) { return paramorph::cross_entropy(n(images), labels); }, trained);
xt::xtensor_fixed<float, xt::xshape<net::images, 1, net::rows, net::rows>> images;
xt::xtensor_fixed<std::int32_t, xt::xshape<net::images>> const labels = [] {
    xt::xtensor_fixed<std::int32_t, xt::xshape<net::images>> l;
    for (int i = 0; i < net::images; ++i) l(std::size_t(i)) = net::label(i);
    return l;
}();

}  // namespace

// With images copied into an array of the library's, and gradients out of it.
void network_subject::conv2d_step(float const* x, float* to) {
    std::copy_n(x, images.size(), images.data());
    auto& [value, gradient] = step(images, labels);
    *to++ = value;
    auto const take = [&](auto const& g) { to = std::copy_n(g.data(), g.size(), to); };
    take(gradient.template at<"0.weight">());
    take(gradient.template at<"0.bias">());
    take(gradient.template at<"2.weight">());
    take(gradient.template at<"2.bias">());
    take(gradient.template at<"5.weight">());
    take(gradient.template at<"5.bias">());
}

}  // namespace benchmark
