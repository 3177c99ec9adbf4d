// Networks as targets run them: frozen, live and in eight bits agree with the host's.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include <cstdio>
#include <cstring>

#include "../catch.hpp"

namespace {

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<7, 9, pm::weight<pm::param::orthogonal<>>>, pm::nn::tanh,
                                 pm::nn::linear<9, 9, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                                 pm::nn::linear<9, 5, pm::weight<pm::param::lora<2>>, pm::no_bias>>;

constexpr pm::network_originals<model> made_up() {
    pm::network_originals<model> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-1, 1));
    return numbers;
}
constexpr pm::network_originals<model> originals = made_up();
constexpr auto frozen = pm::freeze<originals>();
constexpr pm::live<originals> live;
constexpr auto int8 = pm::quantize<pm::frozen_values<originals>>();

// The host's network with the same originals.
model on_the_host() {
    auto net = pm::make<model>(pm::seed{0});
    int leaf = 0;
    auto const put = [&](auto& a) {
        std::copy_n(originals.of + pm::network_originals<model>::begin(leaf++), a.size(), a.data());
    };
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        Tensor::for_each_index([&](auto k) { put(t.template original<k>()); });
        Tensor::for_each_state([&](auto stage, auto k, auto) { put(t.template state<stage, k>()); });
    });
    return net;
}

using row = xt::xtensor_fixed<float, xt::xshape<7>>;

row sample(std::uint64_t s) {
    row x;
    pm::random random{pm::seed{s}};
    for (float& e : x) e = static_cast<float>(random.uniform(-2, 2));
    return x;
}

}  // namespace

TEST_CASE("frozen by the compiler, and live, a network computes what it does on the host", "[embed]") {
    auto const net = on_the_host();
    pm::workspace<frozen> space;
    pm::workspace<live> live_space;
    for (std::uint64_t s = 0; s < 20; ++s) {
        row const x = sample(s);
        auto const expected = net(x);
        float y[5], z[5];
        REQUIRE(frozen(x, y, space.bytes).ok());
        REQUIRE(live(x, z, live_space.bytes).ok());
        for (std::size_t k = 0; k < 5; ++k) {
            CHECK(std::abs(y[k] - expected(k)) < 1e-5f);
            CHECK(std::abs(z[k] - expected(k)) < 1e-5f);
        }
    }
}

TEST_CASE("values frozen by the compiler are the host's", "[embed]") {
    auto const net = pm::freeze(on_the_host());
    auto const& values = pm::frozen_values<originals>;
    for (int k = 0; k < pm::network_values<model>::parts; ++k)
        for (int i = pm::network_values<model>::begin(k); i < pm::network_values<model>::begin(k + 1); ++i)
            CHECK(std::abs(values.of[i] - net.data(k)[i - pm::network_values<model>::begin(k)]) < 2e-6f);
}

TEST_CASE("a workspace is what the program needs: no row product is in it", "[embed]") {
    // Two rows of 9 numbers, each a multiple of 64 bytes.
    STATIC_REQUIRE(pm::ram_bytes<frozen> == 2 * 64);
    STATIC_REQUIRE(pm::flash_bytes<frozen> == 4 * (7 * 9 + 9 + 9 * 9 + 9 + 9 * 5));
    STATIC_REQUIRE(pm::ram_bytes<live> > pm::ram_bytes<frozen>);
}

TEST_CASE("in eight bits a network errs by about a half percent of its largest output", "[embed]") {
    pm::workspace<frozen> space;
    pm::workspace<int8> int8_space;
    float worst = 0, largest = 0;
    for (std::uint64_t s = 0; s < 200; ++s) {
        row const x = sample(s);
        float y[5], z[5];
        REQUIRE(frozen(x, y, space.bytes).ok());
        REQUIRE(int8(x, z, int8_space.bytes).ok());
        for (int k = 0; k < 5; ++k) {
            if (auto const d = std::abs(y[k] - z[k]); d > worst || d != d) worst = d;
            largest = std::max(largest, std::abs(y[k]));
        }
    }
    CHECK(worst > 0);
    CHECK(worst < 0.03f * largest);
}

TEST_CASE("rounding to eight bits: scales, padding, and what has none", "[embed]") {
    float const x[]{1, -2, 0.5f, 127, -127, 63.4f};
    std::int32_t words[2];
    CHECK(pm::detail::round_to_words(x, 6, words) == 1.0f);
    int const expected[]{1, -2, 1, 127, -127, 63, 0, 0};
    for (int k = 0; k < 8; ++k) CHECK(pm::detail::byte_of(words, k) == expected[k]);
    float const zeros[]{0, -0.0f, 0};
    CHECK(pm::detail::round_to_words(zeros, 3, words) == 0);
    CHECK(words[0] == 0);
    for (float const bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
        for (int k = 0; k < 3; ++k) {
            float y[]{1, 2, 3};
            y[k] = bad;
            CHECK(pm::detail::round_to_words(y, 3, words) < 0);
        }
    float const largest[]{std::numeric_limits<float>::max(), -std::numeric_limits<float>::max()};
    CHECK(pm::detail::round_to_words(largest, 2, words) > 0);
    CHECK(pm::detail::byte_of(words, 0) == 127);
    CHECK(pm::detail::byte_of(words, 1) == -127);
}

TEST_CASE("rounding to eight bits errs by half a scale, of subnormal numbers too", "[embed]") {
    pm::random random{pm::seed{11}};
    for (double size = 1e-45; size < 1e38; size *= 1.7) {
        float x[7];
        for (float& e : x) e = static_cast<float>(random.uniform(-size, size));
        std::int32_t words[2];
        double const scale = static_cast<double>(pm::detail::round_to_words(x, 7, words));
        REQUIRE(scale >= 0);
        for (int k = 0; k < 7; ++k) {
            int const q = pm::detail::byte_of(words, k);
            CHECK(std::abs(q) <= 127);
            CHECK(std::abs(static_cast<double>(x[k]) - q * scale) <= scale * (0.5 + 1e-4));
        }
    }
}

namespace {

// Rows of weights of very different size: of zeros, subnormal, small, large.
using scaled = pm::nn::sequential<pm::nn::linear<4, 5>>;
constexpr pm::network_values<scaled> of_all_sizes{{
    0,      0,      -0.0f,   0,       // zeros
    1e-40f, 2e-40f, -3e-40f, 1e-41f,  // subnormal
    1e-37f, 2e-37f, -3e-37f, 0,       // its scale is subnormal
    1e-20f, 2e-20f, -3e-20f, 1e-21f,  //
    1e20f,  -2e20f, 3e20f,   1e19f,   //
    0.5f,   0,      -0.0f,   0,      0,
}};

}  // namespace

TEST_CASE("in eight bits each channel errs by its own size: zeros, subnormal and large weights", "[embed]") {
    static constexpr pm::frozen<of_all_sizes> exact;
    static constexpr auto rounded = pm::quantize<of_all_sizes>();
    pm::workspace<rounded> space;
    for (float const size : {1e-40f, 1e-30f, 1.0f, 1e17f}) {
        float const x[]{size, -0.5f * size, 0.25f * size, 0.75f * size};
        float y[5], z[5];
        REQUIRE(exact(x, y, {}).ok());
        REQUIRE(rounded(x, z, space.bytes).ok());
        CHECK(z[0] == 0.5f);
        for (int j = 1; j < 5; ++j) {
            double const largest =
                3.0 * std::abs(static_cast<double>(of_all_sizes.of[4 * j] == 0 ? 0 : of_all_sizes.of[4 * j]));
            CHECK(std::abs(static_cast<double>(y[j]) - static_cast<double>(z[j])) <=
                  4 * largest * static_cast<double>(size) / 100 + 3e-45);
        }
    }
}

TEST_CASE("a list of a network's numbers: in two pairs of braces or one, or none for zeros", "[embed]") {
    using small = pm::nn::linear<2, 1>;
    constexpr pm::network_values<small> two{{1, 2.5, -0.0f}}, one{1, 2.5, -0.0f}, none{};
    STATIC_REQUIRE(two.of[1] == 2.5f && one.of[1] == 2.5f && none.of[1] == 0);
    CHECK(std::signbit(two.of[2]));
    CHECK(std::signbit(one.of[2]));
    constexpr pm::network_originals<pm::nn::linear<1, 1, pm::no_bias>> single{{3}};
    STATIC_REQUIRE(single.of[0] == 3);
}
