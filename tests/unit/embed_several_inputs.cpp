// Networks of several inputs and results on targets: frozen by the compiler, and live, they give what the host gives;
// what shares memory, is not finite or has another number of elements is refused.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "../catch.hpp"

namespace pm = paramorph;

namespace {

struct cell {
    using input_shapes = pm::shapes<pm::shape<4>, pm::shape<3>>;
    pm::nn::linear<4, 3> input;
    pm::nn::linear<3, 3, pm::weight<pm::param::skew, pm::param::cayley>> hidden;
    pm::tensor<pm::shape<3>, pm::chain_of<pm::param::positive>> gain;
    constexpr auto forward(auto x, auto h) const {
        auto const next = pm::tanh(input(x) + hidden(h)) * gain;
        return std::tuple{pm::sum(next), next};
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
// Three inputs, of which one is given twice, and one result.
struct blend {
    pm::nn::linear<2, 2> of_first;
    constexpr auto forward(auto a, auto b, auto c) const { return of_first(a) * b - c; }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden, gain);
BOOST_HANA_ADAPT_STRUCT(blend, of_first);

namespace {

template <class M>
constexpr pm::network_originals<M> made_up() {
    pm::network_originals<M> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-1, 1));
    return numbers;
}
constexpr pm::network_originals<cell> originals = made_up<cell>();
constexpr auto frozen = pm::freeze<originals>();
constexpr pm::live<originals> live;
constexpr pm::network_originals<blend> blend_originals = made_up<blend>();
constexpr pm::live<blend_originals> blended;

template <class M>
M on_the_host(pm::network_originals<M> const& numbers) {
    auto net = pm::make<M>(pm::seed{0});
    int leaf = 0;
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        Tensor::for_each_index([&](auto k) {
            auto& a = t.template original<k>();
            std::copy_n(numbers.of + pm::network_originals<M>::begin(leaf++), a.size(), a.data());
        });
    });
    return net;
}

using inputs = std::array<float, 4>;
using states = std::array<float, 3>;
using one = std::array<float, 1>;
pm::workspace<frozen> frozen_space;
pm::workspace<live> live_space;

std::string said(pm::status s) {
    return s.ok() ? "" : s.failed;
}

}  // namespace

TEST_CASE("several inputs on a target: as on the host, step by step in time", "[embed]") {
    auto const net = on_the_host(originals);
    xt::xtensor_fixed<float, xt::xshape<3>> state{0, 0, 0};
    states a{}, b{}, next_a{}, next_b{};
    for (std::uint64_t time = 0; time < 10; ++time) {
        pm::random random{pm::seed{time}};
        xt::xtensor_fixed<float, xt::xshape<4>> x;
        for (float& e : x) e = static_cast<float>(random.uniform(-2, 2));
        auto const [y, next] = net(x, state);
        one y_a{}, y_b{};
        REQUIRE(said(frozen(std::tie(x, a), std::tie(y_a, next_a), frozen_space.bytes)) == "");
        REQUIRE(said(live(std::tie(x, b), std::tie(y_b, next_b), live_space.bytes)) == "");
        CHECK(std::abs(y_a[0] - y) < 1e-5f);
        CHECK(std::abs(y_b[0] - y) < 1e-5f);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(std::abs(next_a[i] - next(i)) < 1e-5f);
            CHECK(std::abs(next_b[i] - next(i)) < 1e-5f);
        }
        state = next;
        a = next_a;
        b = next_b;
    }
}

TEST_CASE("several inputs on a target: bad input is a status", "[embed]") {
    inputs x{1, 2, 3, 4};
    states h{1, 2, 3}, next{7, 7, 7};
    one y{7};
    auto const call = [&](auto&& in, auto&& out, std::span<std::byte> w) { return said(frozen(in, out, w)); };
    std::span<std::byte> const space = frozen_space.bytes;
    std::string const shared = "call: x, y and the workspace must not overlap";
    // The state in the place of the next one, results in one place, and in the place of the other input.
    CHECK(call(std::tie(x, h), std::tie(y, h), space) == shared);
    std::array<float, 3> longer{};
    std::span<float, 1> const inside(longer.data() + 2, 1);
    CHECK(said(frozen(std::tie(x, h), std::tie(inside, longer), space)) == shared);
    std::span<float, 1> const of_x(x.data() + 3, 1);
    CHECK(said(frozen(std::tie(x, h), std::tie(of_x, next), space)) == shared);
    if constexpr (pm::ram_bytes<frozen> >= 12) {
        std::span<float, 3> const in_space(reinterpret_cast<float*>(frozen_space.bytes), 3);
        CHECK(said(frozen(std::tie(x, in_space), std::tie(y, next), space)) == shared);
        CHECK(said(frozen(std::tie(x, h), std::tie(y, in_space), space)) == shared);
        CHECK(call(std::tie(x, h), std::tie(y, next), space.first(4)) == "workspace: too small");
    }
    for (float const bad : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
        inputs bad_x = x;
        bad_x[3] = bad;
        states bad_h = h;
        bad_h[0] = bad;
        CHECK(call(std::tie(bad_x, h), std::tie(y, next), space) == "call: the input is not finite");
        CHECK(call(std::tie(x, bad_h), std::tie(y, next), space) == "call: the input is not finite");
    }
    CHECK((y[0] == 7 && next[2] == 7));
    // Spans whose numbers are known at run time.
    std::span<float const> const short_span(h.data(), 2), right_span(h.data(), 3);
    std::span<float> const short_result(next.data(), 2);
    std::string const number = "call: a span has another number of elements than the network takes or gives";
    CHECK(said(frozen(std::tie(x, short_span), std::tie(y, next), space)) == number);
    CHECK(said(frozen(std::tie(x, right_span), std::tie(y, short_result), space)) == number);
    CHECK(said(frozen(std::tie(x, right_span), std::tie(y, next), space)) == "");
    CHECK(next[2] != 7);
}

TEST_CASE("several inputs on a target: of shapes that are named, and the same one twice", "[embed]") {
    using rows = pm::shape<3, 2>;
    auto const net = on_the_host(blend_originals);
    xt::xtensor_fixed<float, xt::xshape<3, 2>> const a{{1, 2}, {-3, 4}, {0.5f, 0}};
    xt::xtensor_fixed<float, xt::xshape<2>> const b{2, -1};
    std::array<float, 6> y{};
    alignas(8) std::byte space[decltype(blended)::workspace_bytes<rows, pm::shape<2>, rows> + 1];
    REQUIRE(said(blended.at<rows, pm::shape<2>, rows>(std::tie(a, b, a), y, space)) == "");
    auto const expected = net(a, b, a);
    for (std::size_t i = 0; i < 6; ++i) CHECK(std::abs(y[i] - expected.data()[i]) < 1e-6f);
}
