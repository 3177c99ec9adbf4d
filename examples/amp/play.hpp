// From a capture to a stream of one of the types.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "captures.hpp"
#include "player.hpp"

namespace amp {

inline constexpr int block = 64;

inline std::runtime_error wrong_count(capture const& c, std::size_t expected) {
    return std::runtime_error(c.path + ": this network has " + std::to_string(expected) + " numbers, the file " +
                              std::to_string(c.weights.size()));
}

template <class Net>
class player_of final : public player {
  public:
    player_of(Net const& net, std::size_t silence) : stream_(net), silence_(silence) { settle(); }
    void settle() override {
        std::array<float, block> const zeros{};
        std::array<float, block> unheard;
        stream_.reset();
        for (std::size_t n = 0; n < silence_; n += block) stream_.process(zeros.data(), unheard.data(), block);
    }
    void process(float const* in, float* out, std::size_t count) noexcept override { stream_.process(in, out, count); }
    std::size_t bytes() const override { return stream_.bytes(); }

  private:
    pm::streaming<Net, block> stream_;
    std::size_t silence_;
};

// Fills a tensor from a list, and goes on in it.
template <class Tensor>
void fill(Tensor& t, float const*& from) {
    auto x = pm::make_container<typename Tensor::shape_type, float>();
    std::copy_n(from, Tensor::shape_type::size, x.begin());
    from += Tensor::shape_type::size;
    t = x;
}

template <class Activation>
std::string activation_name() {
    if constexpr (std::is_same_v<Activation, pm::nn::tanh>)
        return "Tanh";
    else
        return "LeakyReLU 0.01";
}
template <int In, int Channels, int Head, int HeadSize, class Options, class... Layer>
array_config config_of(layer_array<In, Channels, Head, HeadSize, Options, Layer...> const& a) {
    return {In,
            1,
            Channels,
            Head,
            HeadSize,
            a.head_bias,
            {Layer::size...},
            {Layer::dilation...},
            {activation_name<typename Layer::activation>()...}};
}
template <class... Array>
std::vector<array_config> config_of(wavenet<Array...> const&) {
    return {config_of(Array{})...};
}

template <class Net>
std::unique_ptr<player> play_wavenet(capture const& c) {
    Net net;
    if (c.architecture != "WaveNet" || c.arrays != config_of(net)) return nullptr;
    if (c.weights.size() != pm::parameter_count<Net>) throw wrong_count(c, pm::parameter_count<Net>);
    float const* from = c.weights.data();
    pm::for_each_tensor(net, [&](auto& t) { fill(t, from); });
    return std::make_unique<player_of<Net>>(net, pm::streaming<Net, block>::receptive_field);
}

}  // namespace amp
