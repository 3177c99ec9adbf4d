// Networks of convolutions and layers of single frames, streamed: the numbers of the whole sequence, the same bits for
// every length of block, and what a stream does beside.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "../streaming.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/film.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/param/weight_norm.hpp"

namespace {

template <int In, int Out, int Size, class... Options>
using causal = pm::nn::conv1d<In, Out, Size, pm::padding<pm::causal>, Options...>;
template <int... E>
using array = xt::xtensor_fixed<float, xt::xshape<std::size_t(E)...>>;

// 7 + 6 + 2: a result depends on 16 frames.
using stack = pm::nn::sequential<causal<2, 6, 8>, pm::nn::tanh,
                                 pm::nn::residual<causal<6, 6, 3, pm::dilation<3>, pm::groups<2>>, pm::nn::sigmoid>,
                                 pm::nn::parallel<0, causal<6, 6, 3, pm::groups<6>>, causal<6, 5, 1, pm::no_bias>>,
                                 pm::nn::leaky_relu<>, causal<11, 1, 1>>;
using normed = pm::nn::conv1d<1, 3, 4, pm::padding<pm::causal>, pm::weight<pm::param::weight_norm<>>>;

}  // namespace

TEST_CASE("a stack of causal convolutions is streamed", "[streaming]") {
    auto const net = pm::make<stack>(pm::seed{1});
    test::expect_streams_like_whole<stack, array<2, 131>>(net, 1e-6);
    static_assert(pm::streaming<stack, 16>::receptive_field == 16);
}

TEST_CASE("a parametrized convolution is streamed, and frozen and cached networks", "[streaming]") {
    auto const net = pm::make<normed>(pm::seed{2});
    test::expect_streams_like_whole<normed, array<1, 70>>(net, 1e-6);
    auto const x = test::samples<float>(70);
    std::vector<float> a(210), b(210), c(210);
    pm::streaming<normed, 5>(net).process(x.data(), a.data(), 70);
    pm::streaming<normed, 5>(pm::freeze(net)).process(x.data(), b.data(), 70);
    pm::streaming<pm::materialized<normed>, 5>(pm::freeze(net)).process(x.data(), c.data(), 70);
    CHECK(test::same_bits(a, b));
    CHECK(test::same_bits(a, c));
}

TEST_CASE("layers of single frames are streamed", "[streaming]") {
    using model = pm::nn::sequential<pm::nn::linear<5, 12>, pm::nn::batch_norm<12>, pm::nn::glu<>,
                                     pm::nn::layer_norm<pm::shape<6>>, pm::nn::softmax<>, pm::nn::linear<6, 3>>;
    auto const net = pm::make<model>(pm::seed{3});
    test::expect_streams_like_whole<model, array<67, 5>>(net, 1e-6);
    static_assert(pm::streaming<model, 16>::receptive_field == 1);
}

TEST_CASE("frames of doubles are streamed", "[streaming]") {
    using model = causal<2, 3, 4, pm::element_type<double>>;
    auto const net = pm::make<model>(pm::seed{4});
    test::expect_streams_like_whole<model, xt::xtensor_fixed<double, xt::xshape<2, 41>>>(net, 1e-15);
}

namespace {

struct conditioned {
    causal<1, 4, 3> first;
    pm::nn::film<4, 2> modulate;
    causal<4, 1, 5, pm::dilation<2>> last;
    using frames = pm::frames<1, pm::time_axis>;
    constexpr auto forward(auto x, auto c) const {
        auto const y = pm::tanh(first(x));
        auto const z = modulate(pm::unsqueeze<0>(y), c);
        return last(pm::reshape<pm::shape_type_of<decltype(y)>>(z)) + x;
    }
    constexpr auto operator()(auto const& x, auto const& c) const { return pm::call(*this, x, c); }
};

// Lines with an axis of 1 before them, as layers with a number for each channel take them.
struct normed_lines {
    causal<2, 4, 3> first;
    pm::nn::batch_norm<4> norm;
    pm::nn::prelu<4> bend;
    causal<4, 1, 2, pm::dilation<4>> last;
    using frames = pm::frames<1, 2, pm::time_axis>;
    constexpr auto forward(auto x) const { return last(bend(norm(first(x)))); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(conditioned, first, modulate, last);
BOOST_HANA_ADAPT_STRUCT(normed_lines, first, norm, bend, last);

TEST_CASE("a convolution, its normalization and its activation of each channel are streamed", "[streaming]") {
    auto net = pm::make<normed_lines>(pm::seed{12});
    net.norm.running_mean = array<4>{1, -1, 0.5F, 2};
    net.norm.running_var = array<4>{0.25F, 2, 1, 9};
    test::expect_streams_like_whole<normed_lines, array<1, 2, 53>>(net, 1e-6);
}

TEST_CASE("a condition holds for a call", "[streaming]") {
    auto const net = pm::make<conditioned>(pm::seed{5});
    array<2> const c{0.5F, -2};
    test::expect_streams_like_whole<conditioned, array<1, 50>>(net, 1e-6, c);
    pm::streaming<conditioned, 5, pm::shape<2>> s(net);
    static_assert(std::is_same_v<decltype(s.step(1.0F, c)), float>);
    float const with = s.step(1.0F, c);
    s.reset();
    CHECK(with != s.step(1.0F, array<2>{1, 1}));
}

TEST_CASE("steps, blocks in arrays and in spans are the same stream", "[streaming]") {
    auto const net = pm::make<stack>(pm::seed{6});
    auto const x = test::samples<float>(2 * 6);
    auto const s = std::make_unique<pm::streaming<stack, 5>>(net);
    array<2, 6> block;
    std::copy(x.begin(), x.end(), block.begin());
    auto const y = s->process(block);
    static_assert(std::is_same_v<decltype(s->process(block)), array<1, 6>> && noexcept(s->process(block)));
    s->reset();
    for (std::size_t t = 0; t < 6; ++t) CHECK(s->step(array<2>{block(0, t), block(1, t)}) == y(0, t));
    s->reset();
    std::vector<float> z(6);
    CHECK(s->process(std::span<float const>(x), std::span<float>(z)).ok());
    CHECK(std::equal(z.begin(), z.end(), y.begin()));
}

TEST_CASE("spans of other sizes are refused, and nothing changes", "[streaming]") {
    auto const net = pm::make<stack>(pm::seed{6});
    auto const a = std::make_unique<pm::streaming<stack, 5>>(net), b = std::make_unique<pm::streaming<stack, 5>>(net);
    std::vector<float> x(4, 1.0F), y(3, 7.0F), z(2);
    CHECK(std::string(a->process(std::span<float const>(x).first(3), std::span<float>(y)).failed) ==
          "streaming: the input must be whole frames: its size is no multiple of frame_size");
    CHECK(std::string(a->process(std::span<float const>(x), std::span<float>(y)).failed) ==
          "streaming: the output must have result_size numbers for each frame of the input");
    CHECK(y == std::vector<float>(3, 7.0F));
    CHECK(a->process(std::span<float const>{}, std::span<float>{}).ok());
    CHECK(a->process(x, z).ok());
    CHECK(z[1] == (b->process(x.data(), y.data(), 2), y[1]));
}

// Without a bias the last product is written where results go.
TEST_CASE("results may be written over the frames", "[streaming]") {
    auto const expect = []<class Net, int Block>(std::type_identity<Net>, std::integral_constant<int, Block>) {
        using stream = pm::streaming<Net, Block>;
        auto const net = pm::make<Net>(pm::seed{11});
        static_assert(stream::in_place);
        for (std::size_t const frames : {1, Block, 2 * Block + 1}) {
            stream a(net), b(net);
            auto x = test::samples<float>(frames * stream::frame_size);
            std::vector<float> y(x.size());
            a.process(x.data(), y.data(), frames);
            CHECK(b.process(std::span<float const>(x), std::span<float>(x)).ok());
            CHECK(test::same_bits(x, y));
        }
    };
    expect(std::type_identity<causal<9, 9, 1, pm::no_bias>>{}, std::integral_constant<int, 7>{});
    using joined = pm::nn::parallel<-1, pm::nn::linear<4, 2, pm::no_bias>, pm::nn::linear<4, 2, pm::no_bias>>;
    expect(std::type_identity<joined>{}, std::integral_constant<int, 4>{});
}

TEST_CASE("results that overlap their frames otherwise are refused, and nothing changes", "[streaming]") {
    auto const net = pm::make<stack>(pm::seed{6});
    static_assert(!pm::streaming<stack, 5>::in_place);
    auto const a = std::make_unique<pm::streaming<stack, 5>>(net);
    std::vector<float> x(12, 1.0F);
    std::string const wrong =
        "streaming: the output must not overlap the input, or be the input itself where in_place is true";
    CHECK(a->process(std::span<float const>(x).first(8), std::span<float>(x).first(4)).failed == wrong);
    CHECK(a->process(std::span<float const>(x).first(8), std::span<float>(x).subspan(7, 4)).failed == wrong);
    CHECK(x == std::vector<float>(12, 1.0F));
    CHECK(a->process(std::span<float const>(x).first(8), std::span<float>(x).subspan(8, 4)).ok());
}

TEST_CASE("a copy of a stream goes on from the same past", "[streaming]") {
    auto const net = pm::make<normed>(pm::seed{8});
    pm::streaming<normed, 5> a(net);
    a.step(0.5F);
    a.step(-0.25F);
    auto b = a;
    auto const of_a = a.step(1.0F), of_b = b.step(1.0F);
    CHECK(std::equal(of_a.begin(), of_a.end(), of_b.begin()));
    b.reset();
    auto const fresh = b.step(1.0F);
    CHECK(!std::equal(of_a.begin(), of_a.end(), fresh.begin()));
}

// A fault in which a long delay line was read at the offsets of another model: several turns of the rings, and two
// models whose delays differ, in turn.
TEST_CASE("two streams with long dilations do not meet", "[streaming]") {
    using far = causal<1, 1, 2, pm::dilation<513>, pm::no_bias>;
    using near = causal<1, 1, 3, pm::dilation<2>, pm::no_bias>;
    far a;
    near b;
    a.weight = array<1, 1, 2>{{{2, 1}}};
    b.weight = array<1, 1, 3>{{{4, 2, 1}}};
    auto const s = std::make_unique<pm::streaming<far, 64>>(a);
    pm::streaming<near, 64> r(b);
    static_assert(pm::streaming<far, 64>::receptive_field == 514 && pm::streaming<near, 64>::receptive_field == 5);
    auto const x = test::samples<float>(4000);
    std::vector<float> y(4000), z(4000);
    for (std::size_t t = 0, n = 1; t < 4000; t += n, n = std::min<std::size_t>(1 + n * 7 % 130, 4000 - t)) {
        s->process(&x[t], &y[t], n);
        r.process(&x[t], &z[t], n);
    }
    for (std::size_t t = 0; t < 4000; ++t) {
        CHECK(y[t] == x[t] + (t < 513 ? 0 : 2 * x[t - 513]));
        CHECK(z[t] == Approx(x[t] + (t < 2 ? 0 : 2 * x[t - 2]) + (t < 4 ? 0 : 4 * x[t - 4])).margin(1e-6));
    }
}

TEST_CASE("what is not a number leaves after the receptive field", "[streaming]") {
    auto const net = pm::make<stack>(pm::seed{9});
    auto const s = std::make_unique<pm::streaming<stack, 5>>(net);
    array<2> bad{1, std::numeric_limits<float>::quiet_NaN()}, zero{0, 0};
    CHECK(std::isnan(s->step(bad)));
    for (int t = 1; t < s->receptive_field; ++t) s->step(zero);
    float const after = s->step(zero);
    CHECK(std::isfinite(after));
    auto const fresh = std::make_unique<pm::streaming<stack, 5>>(net);
    for (int t = 1; t < s->receptive_field; ++t) fresh->step(zero);
    CHECK(fresh->step(zero) == after);
}

// behind the receptive field, silence is a constant: what was before does not matter.
TEST_CASE("weights are taken anew, and the past stays", "[streaming]") {
    auto const first = pm::make<normed>(pm::seed{1}), second = pm::make<normed>(pm::seed{2});
    pm::streaming<normed, 5> a(first), b(second);
    a.step(1.0F);
    b.step(1.0F);
    a.take(second);
    auto const of_a = a.step(0.5F), of_b = b.step(0.5F);
    CHECK(std::equal(of_a.begin(), of_a.end(), of_b.begin()));
}
