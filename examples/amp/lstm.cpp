// SPDX-License-Identifier: BSL-1.0
#include "play.hpp"

namespace amp {

namespace {

// A file has both weights of a layer side by side, one bias, and the state that the layer begins with.
template <int Layers, int Hidden>
void fill_network(recurrent<Layers, Hidden>& net, float const* from) {
    auto h = pm::make_container<pm::shape<Layers, Hidden>, float>(), c = h;
    auto layer = [&]<int Layer>(std::integral_constant<int, Layer>, auto& weight_ih, auto& weight_hh, auto& bias_ih,
                                auto& bias_hh) {
        constexpr int in = Layer == 0 ? 1 : Hidden, all = in + Hidden;
        auto of_input = pm::make_container<pm::shape<4 * Hidden, in>, float>();
        auto of_state = pm::make_container<pm::shape<4 * Hidden, Hidden>, float>();
        for (std::size_t r = 0; r < 4 * Hidden; ++r) {
            std::copy_n(from + r * all, in, of_input.begin() + std::ptrdiff_t(r * in));
            std::copy_n(from + r * all + in, Hidden, of_state.begin() + std::ptrdiff_t(r * Hidden));
        }
        from += 4 * Hidden * all;
        weight_ih = of_input;
        weight_hh = of_state;
        fill(bias_ih, from);
        auto zeros = pm::make_container<pm::shape<4 * Hidden>, float>();
        std::fill(zeros.begin(), zeros.end(), 0.0F);
        bias_hh = zeros;
        std::copy_n(from, Hidden, h.begin() + Layer * Hidden);
        std::copy_n(from + Hidden, Hidden, c.begin() + Layer * Hidden);
        from += 2 * Hidden;
    };
    auto& l = net.cells;
    layer(std::integral_constant<int, 0>{}, l.weight_ih_l0, l.weight_hh_l0, l.bias_ih_l0, l.bias_hh_l0);
    if constexpr (Layers > 1)
        layer(std::integral_constant<int, 1>{}, l.weight_ih_l1, l.weight_hh_l1, l.bias_ih_l1, l.bias_hh_l1);
    net.first_h = h;
    net.first_c = c;
    pm::for_each_tensor(net.head, [&](auto& t) { amp::fill(t, from); });
}

template <int Layers, int Hidden>
std::unique_ptr<player> play(capture const& c) {
    using net_type = recurrent<Layers, Hidden>;
    if (c.layers != Layers || c.hidden != Hidden) return nullptr;
    constexpr std::size_t count = pm::parameter_count<net_type> - Layers * 4 * Hidden;  // one bias of two
    if (c.weights.size() != count) throw wrong_count(c, count);
    net_type net;
    fill_network(net, c.weights.data());
    return std::make_unique<player_of<net_type>>(net, std::size_t(0.5 * (c.rate > 0 ? c.rate : 48000)));
}

}  // namespace

std::unique_ptr<player> play_lstm(capture const& c) {
    if (c.architecture != "LSTM") return nullptr;
    for (auto const play : {play<1, 3>, play<1, 8>, play<1, 16>, play<2, 8>, play<2, 16>})
        if (auto p = play(c)) return p;
    return nullptr;
}

}  // namespace amp
