// pm::streaming of frozen networks, as targets have it: the bits of the host's stream, whatever the blocks are.
//
// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"

namespace {

namespace pm = paramorph;

template <int In, int Dilation>
using causal = pm::nn::conv1d<In, 6, 3, pm::padding<pm::causal>, pm::dilation<Dilation>>;
using wave = pm::nn::sequential<causal<1, 1>, pm::nn::tanh, pm::nn::residual<causal<6, 4>, pm::nn::silu>,
                                pm::nn::conv1d<6, 1, 1>>;
using grouped = pm::nn::sequential<
    pm::nn::conv1d<4, 4, 2, pm::padding<pm::causal>, pm::groups<2>, pm::weight<pm::param::weight_norm<>>>, pm::nn::relu,
    pm::nn::conv1d<4, 2, 3, pm::padding<pm::causal>>>;
// [3, time] becomes [time, 2].
struct heard {
    pm::nn::conv1d<3, 5, 4, pm::padding<pm::causal>> ear;
    pm::nn::gru<5, 7> memory;
    pm::nn::linear<7, 2> head;
    constexpr auto forward(auto x) const {
        auto const [ys, last] = memory(pm::transpose(pm::tanh(ear(x))));
        return head(ys);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct remembered {
    pm::nn::lstm<2, 4, pm::num_layers<2>> memory;
    constexpr auto forward(auto x) const { return std::get<0>(memory(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// A condition that shifts what is heard.
struct conditioned {
    using frames = pm::frames<1, pm::time_axis>;
    pm::nn::conv1d<1, 3, 2, pm::padding<pm::causal>> ear;
    pm::nn::linear<2, 3> shift;
    constexpr auto forward(auto x, auto c) const { return pm::tanh(ear(x) + pm::reshape<pm::shape<3, 1>>(shift(c))); }
    constexpr auto operator()(auto const& x, auto const& c) const { return pm::call(*this, x, c); }
};

template <class M>
constexpr pm::network_originals<M> made_up() {
    pm::network_originals<M> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-0.7, 0.7));
    return numbers;
}
template <class M>
constexpr pm::network_originals<M> originals = made_up<M>();

// The host's network of the values that the compiler froze.
template <class M>
pm::unparametrized<M> on_the_host() {
    auto net = pm::make<pm::unparametrized<M>>(pm::seed{0});
    int k = 0;
    pm::for_each_tensor(net, [&](auto& t) {
        auto& to = t.template original<0>();
        std::copy_n(pm::frozen_values<originals<M>>.of + pm::network_values<M>::begin(k++), to.size(), to.data());
    });
    return net;
}

constexpr std::size_t length = 61;

// Frames [first, first + count) of a sequence in its layout, and back.
template <class Frames>
void each_frame(std::vector<float>& all, std::vector<float>& part, std::size_t first, auto const& f) {
    std::size_t const frames = all.size() / Frames::size, count = part.size() / Frames::size;
    for (std::size_t o = 0; o < Frames::outer; ++o)
        for (std::size_t t = 0; t < count; ++t)
            for (std::size_t i = 0; i < Frames::inner; ++i)
                f(all[(o * frames + first + t) * Frames::inner + i], part[(o * count + t) * Frames::inner + i]);
}

template <class M, int Block, class Stream, class... C>
std::vector<float> in_blocks(Stream& stream, std::vector<float> x, std::size_t n, C const&... c) {
    using state = pm::detail::stream_state<M, Block, pm::shape<int(std::tuple_size_v<C>)>...>;
    std::vector<float> y(length * Stream::result_size);
    for (std::size_t t = 0; t < length; t += n) {
        std::size_t const count = std::min(n, length - t);
        std::vector<float> from(count * Stream::frame_size), to(count * Stream::result_size);
        each_frame<typename state::in>(x, from, t, [](float a, float& b) { b = a; });
        REQUIRE(stream.process(std::span<float const>(from), std::span<float>(to), c...).ok());
        each_frame<typename state::out>(y, to, t, [](float& a, float b) { a = b; });
    }
    return y;
}

bool same_bits(std::vector<float> const& a, std::vector<float> const& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class M, int Block, class... C>
void streams_as_on_the_host(C const&... c) {
    using U = pm::unparametrized<M>;
    using network = decltype(pm::freeze<originals<M>>());
    using stream = pm::streaming<network, Block, pm::shape<int(std::tuple_size_v<C>)>...>;
    static constinit stream ours;
    ours.reset();
    auto const host =
        std::make_unique<pm::streaming<U, Block, pm::shape<int(std::tuple_size_v<C>)>...>>(on_the_host<M>());
    static_assert(stream::bytes() == sizeof(stream) && noexcept(ours.reset()));
    static_assert(stream::receptive_field == std::remove_cvref_t<decltype(*host)>::receptive_field);

    std::vector<float> x(length * stream::frame_size), expected(length * stream::result_size);
    pm::random random{pm::seed{3}};
    for (float& e : x) e = static_cast<float>(random.uniform(-2, 2));
    [&](auto const&... condition) {
        host->process(x.data(), expected.data(), length, condition...);
    }([](auto const& given) {
        xt::xtensor_fixed<float, xt::xshape<std::tuple_size_v<std::remove_cvref_t<decltype(given)>>>> a;
        std::copy(given.begin(), given.end(), a.begin());
        return a;
    }(c)...);
    for (std::size_t const n : {1, 2, Block - 1, Block, Block + 1, 2 * Block + 3, int(length)}) {
        if (n == 0) continue;
        CHECK(same_bits(in_blocks<U, Block>(ours, x, n, c...), expected));
        ours.reset();
    }
    // What is no number leaves at reset().
    std::vector<float> bad(stream::frame_size, std::numeric_limits<float>::quiet_NaN()), y(stream::result_size);
    REQUIRE(ours.process(std::span<float const>(bad), std::span<float>(y), c...).ok());
    ours.reset();
    CHECK(same_bits(in_blocks<U, Block>(ours, x, 7, c...), expected));
}

}  // namespace
BOOST_HANA_ADAPT_STRUCT(heard, ear, memory, head);
BOOST_HANA_ADAPT_STRUCT(remembered, memory);
BOOST_HANA_ADAPT_STRUCT(conditioned, ear, shift);

TEST_CASE("a target streams causal convolutions as the host does", "[embed]") {
    streams_as_on_the_host<wave, 8>();
    streams_as_on_the_host<grouped, 5>();
}
TEST_CASE("a target streams recurrent layers as the host does", "[embed]") {
    streams_as_on_the_host<heard, 8>();
    streams_as_on_the_host<remembered, 1>();
}
TEST_CASE("a target streams under a condition as the host does", "[embed]") {
    streams_as_on_the_host<conditioned, 4>(std::array<float, 2>{0.5F, -1});
}
TEST_CASE("a stream on a target takes single frames, and refuses parts of one", "[embed]") {
    using network = decltype(pm::freeze<originals<wave>>());
    static constinit pm::streaming<network const, 8> numbers;
    static constinit pm::streaming<decltype(pm::freeze<originals<heard>>()), 8> frames;
    float const x[3]{1, -1, 0.5F};
    float y[2], one[1];
    REQUIRE(numbers.process(std::span(x, 1), one).ok());
    numbers.reset();
    CHECK(numbers.step(1.0F) == one[0]);
    REQUIRE(frames.process(x, y).ok());
    frames.reset();
    std::array<float, 2> const stepped = frames.step(x);
    CHECK(stepped[0] == y[0]);
    CHECK(stepped[1] == y[1]);
    CHECK(!frames.process(std::span(x, 2), y));
    CHECK(!frames.process(x, std::span(y, 1)));
    CHECK(frames.process(std::span(x, 0), std::span(y, 0)).ok());
    float both[8]{};
    std::span<float> const all(both);
    for (auto const& shared : {numbers.process(all, all), numbers.process(all.first(4), all.subspan(3, 4)),
                               numbers.process(all.subspan(3, 4), all.first(4))})
        CHECK(shared.failed == std::string_view("streaming: the output must not overlap the input"));
    CHECK(numbers.process(all.first(4), all.last(4)).ok());
}
