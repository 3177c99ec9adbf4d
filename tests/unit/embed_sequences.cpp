// Convolutions, pooling, running statistics and recurrent layers as targets run them: frozen by the compiler, and live,
// they give what the host gives.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"

namespace {

namespace pm = paramorph;

using signal = pm::nn::sequential<pm::nn::conv1d<3, 5, 3, pm::padding<1>>, pm::nn::batch_norm<5>, pm::nn::tanh,
                                  pm::nn::flatten<>, pm::nn::linear<35, 4>>;
using image = pm::nn::sequential<pm::nn::conv2d<1, 3, 3>, pm::nn::relu, pm::nn::max_pool2d<2>, pm::nn::flatten<0>,
                                 pm::nn::linear<12, 4>>;
using gru = pm::parametrize<pm::nn::gru<3, 4>, pm::at<"weight_hh_l0", pm::param::weight_norm<>>>;
using lstm = pm::nn::lstm<3, 4, pm::num_layers<2>>;

// Positive numbers, as some of them are variances.
template <class M>
constexpr pm::network_originals<M> made_up() {
    pm::network_originals<M> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(0.05, 0.6));
    return numbers;
}
template <class M>
constexpr pm::network_originals<M> originals = made_up<M>();

template <class M>
M on_the_host() {
    auto net = pm::make<M>(pm::seed{0});
    int leaf = 0;
    auto const put = [&](auto& a) {
        std::copy_n(originals<M>.of + pm::network_originals<M>::begin(leaf++), a.size(), a.data());
    };
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        Tensor::for_each_index([&](auto k) { put(t.template original<k>()); });
        Tensor::for_each_state([&](auto stage, auto k, auto) { put(t.template state<stage, k>()); });
    });
    return net;
}

template <class X>
auto as_tuple(X const& x) {
    if constexpr (requires { x.data(); })
        return std::tie(x);
    else
        return std::apply([](auto const&... one) { return std::tie(one...); }, x);
}

// Runs a network on an input of this shape; the largest difference from the host's results.
template <class Shape, class Network>
float difference(Network const& net, auto const& x, auto const& expected) {
    alignas(pm::workspace_boundary) static std::byte space[Network::template workspace_bytes<Shape> + 1];
    std::span<float const, Shape::size> const in(x.data(), Shape::size);
    return std::apply(
        [&](auto const&... result) {
            auto arrays = std::make_tuple(
                std::array<float, pm::static_shape_of<std::remove_cvref_t<decltype(result)>>::size>{}...);
            auto const status = std::apply(
                [&](auto&... y) {
                    if constexpr (sizeof...(y) == 1)
                        return net.template at<Shape>(in, y..., space);
                    else
                        return net.template at<Shape>(in, std::tie(y...), space);
                },
                arrays);
            REQUIRE(status.ok());
            float largest = 0;
            std::apply(
                [&](auto const&... y) {
                    auto const compare = [&](auto const& ours, auto const& host) {
                        for (std::size_t k = 0; k < ours.size(); ++k)
                            if (float const d = std::abs(ours[k] - host.data()[k]); d > largest || d != d) largest = d;
                    };
                    (compare(y, result), ...);
                },
                arrays);
            return largest;
        },
        as_tuple(expected));
}

template <class M, class Shape>
void agrees() {
    auto const net = on_the_host<M>();
    constexpr auto frozen = pm::freeze<originals<M>>();
    constexpr pm::live<originals<M>> live;
    for (std::uint64_t s = 0; s < 5; ++s) {
        pm::random random{pm::seed{s}};
        auto x = []<int... E>(pm::shape<E...>) {
            return xt::xtensor_fixed<float, xt::xshape<std::size_t(E)...>>();
        }(Shape{});
        for (float& e : x) e = static_cast<float>(random.uniform(-2, 2));
        auto const expected = net(x);
        float const of_frozen = difference<Shape>(frozen, x, expected), of_live = difference<Shape>(live, x, expected);
        CHECK(of_frozen < 2e-6f);
        CHECK(of_live < 2e-6f);
    }
}

}  // namespace

TEST_CASE("on a target: conv1d, batch_norm by running statistics, linear", "[embed]") {
    agrees<signal, pm::shape<1, 3, 7>>();
}
TEST_CASE("on a target: conv2d, pooling, linear", "[embed]") {
    agrees<image, pm::shape<1, 6, 6>>();
}
TEST_CASE("on a target: a gru with a parametrized weight over a sequence", "[embed]") {
    agrees<gru, pm::shape<5, 3>>();
}
TEST_CASE("on a target: an lstm of two layers over a sequence, with its last states", "[embed]") {
    agrees<lstm, pm::shape<5, 3>>();
}
TEST_CASE("a scan is by frames where there are no vectors; elsewhere its program is the host's", "[embed]") {
    static_assert(pm::targets::cortex_m4.scans_by_frames && pm::targets::scalar.scans_by_frames);
    static_assert(!pm::targets::sse2.scans_by_frames && !pm::targets::avx2.scans_by_frames &&
                  !pm::targets::avx512.scans_by_frames && !pm::targets::neon.scans_by_frames);
    using in = pm::input<pm::shape<64, 3>, float>;
    using on_target = pm::compiled<pm::program::call_on_target<lstm, pm::binding::values, in>>;
    using on_host = pm::compiled<pm::program::call_of<lstm, pm::binding::values, in>>;
    int by_frames = 0;
    for (int i = 0; i < on_target::simplified.size; ++i)
        by_frames += on_target::simplified.nodes[i].operation->name == "scan by frames" ? 1 : 0;
    if constexpr (pm::targets::host.scans_by_frames) {
        CHECK(by_frames == 2);
        CHECK(on_target::memory.bytes < on_host::memory.bytes / 2);
    } else {
        CHECK(by_frames == 0);
        CHECK(on_target::simplified.size == on_host::simplified.size);
        CHECK(on_target::plan.step_count == on_host::plan.step_count);
    }
}
