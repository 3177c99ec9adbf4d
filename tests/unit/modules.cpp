// Modules: names and walks, layers with and without options, sequential, seeds, copies, calls with static and run-time
// batches.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

struct scaled {  // a user's own module
    pm::nn::linear<4, 4> inner;
    pm::tensor<pm::shape<4>> scale;
    constexpr auto forward(auto x) const { return x + pm::tanh(inner(x)) * scale; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct leaky {  // neither has a call operator
    static constexpr auto forward(auto x) { return pm::maximum(x, 0.1 * x); }
};
struct forward_only {
    using input_shape = pm::shape<3>;
    pm::tensor<pm::shape<3>> shift;
    constexpr auto forward(auto x) const { return x + shift; }
};
using net = pm::nn::sequential<pm::nn::linear<3, 4, pm::bias<pm::param::positive>>, pm::nn::relu, scaled,
                               pm::nn::linear<4, 4, pm::weight<pm::param::symmetric>, pm::no_bias>>;

}  // namespace
BOOST_HANA_ADAPT_STRUCT(scaled, inner, scale);
BOOST_HANA_ADAPT_STRUCT(forward_only, shift);

namespace {

std::vector<std::string> names(auto const& m) {
    std::vector<std::string> all;
    pm::for_each_named_tensor(m, [&](std::string const& name, auto const&) { all.push_back(name); });
    return all;
}
bool near(float a, double b) {
    return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b));
}

}  // namespace

TEST_CASE("module: names follow the members") {
    CHECK((names(net{}) ==
           std::vector<std::string>{"0.weight", "0.bias", "2.inner.weight", "2.inner.bias", "2.scale", "3.weight"}));
    CHECK((names(pm::nn::linear<2, 2>{}) == std::vector<std::string>{"weight", "bias"}));
    CHECK(names(pm::nn::tanh{}).empty());
}

TEST_CASE("module: a chain on weight and one on bias are still two trainable tensors", "[behaviour-7]") {
    using layer = pm::nn::linear<3, 3, pm::weight<pm::param::skew>, pm::bias<pm::param::positive>>;
    static_assert(pm::parameter_count<layer> == 9 + 3);
    static_assert(pm::detail::counts<layer>.originals == 2);
    static_assert(pm::parameter_count<net> == 12 + 4 + 16 + 4 + 4 + 16);
    layer const l{pm::seed{1}};
    CHECK((l.weight()(0, 1) == -l.weight()(1, 0)));
    CHECK(l.bias()(2) > 0);
}

TEST_CASE("module: seeds are reproducible, and different seeds differ") {
    auto const a = pm::make<net>(pm::seed{5}), b = pm::make<net>(pm::seed{5}), c = pm::make<net>(pm::seed{6});
    CHECK((pm::get<3>(a).weight() == pm::get<3>(b).weight()));
    CHECK_FALSE((pm::get<3>(a).weight() == pm::get<3>(c).weight()));
    pm::nn::linear<64, 2> const wide{pm::seed{1}};
    for (float w : wide.weight()) CHECK(std::abs(w) <= 1 / 8.0f);
}

TEST_CASE("module: linear is x W^T + b") {
    pm::nn::linear<2, 3> layer{pm::seed{1}};
    xt::xtensor_fixed<float, xt::xshape<2>> const x{2, -1};
    auto const y = layer(x);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(near(y(i), 2 * layer.weight()(i, 0) - layer.weight()(i, 1) + layer.bias()(i)));
    pm::nn::linear<2, 1, pm::no_bias, pm::element_type<double>> const plain{pm::seed{1}};
    xt::xtensor_fixed<double, xt::xshape<1, 2>> const z{{2, -1}};
    CHECK(std::abs(plain(z)(0, 0) - (2 * plain.weight()(0, 0) - plain.weight()(0, 1))) < 1e-15);
}

TEST_CASE("module: a sequential calls the forward of a layer that has no call operator") {
    using with_forwards = pm::nn::sequential<forward_only, pm::nn::linear<3, 4>, leaky>;
    auto const m = pm::make<with_forwards>(pm::seed{3});
    CHECK((names(m) == std::vector<std::string>{"0.shift", "1.weight", "1.bias"}));
    xt::xtensor_fixed<float, xt::xshape<2, 3>> const x{{1, -2, 0.5F}, {-1, 3, 2}};
    auto const y = m(x);
    auto shifted = xt::xtensor_fixed<float, xt::xshape<2, 3>>(x + pm::get<0>(m).shift());
    auto const z = pm::get<1>(m)(shifted);
    bool below = false;
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            below = below || z(i, j) < 0;
            CHECK(near(y(i, j), std::max(z(i, j), 0.1F * z(i, j))));
        }
    CHECK(below);
    CHECK((m(xt::xtensor<float, 2>(x)) == y));
}

TEST_CASE("module: copies are deep", "[behaviour-32]") {
    auto a = pm::make<net>(pm::seed{5});
    auto const b = a;
    xt::xtensor_fixed<float, xt::xshape<3>> const x{1, 2, 3};
    auto const before = b(x);
    CHECK((a(x) == before));
    pm::get<2>(a).scale = xt::xtensor_fixed<float, xt::xshape<4>>{9, 9, 9, 9};
    pm::get<0>(a).bias.original()(0) += 1;
    CHECK((b(x) == before));
    CHECK_FALSE((a(x) == before));
}

TEST_CASE("module: a run-time batch gives what single rows give") {
    auto const m = pm::make<net>(pm::seed{5});
    auto const frozen = pm::freeze(m);
    for (std::size_t rows : {0, 1, 31, 32, 33, 70}) {
        auto x = xt::xtensor<float, 2>::from_shape({rows, 3});
        pm::random source{rows};
        for (auto& e : x) e = static_cast<float>(source.uniform(-1, 1));
        auto const y = m(x), z = frozen(x);
        REQUIRE(y.shape()[0] == rows);
        REQUIRE(y.shape()[1] == 4);
        CHECK((y == z));
        bool same = true;
        for (std::size_t r = 0; r < rows; ++r) {
            xt::xtensor_fixed<float, xt::xshape<3>> const row{x(r, 0), x(r, 1), x(r, 2)};
            auto const one = m(row);
            for (std::size_t k = 0; k < 4; ++k) same = same && near(y(r, k), one(k));
        }
        CHECK(same);
    }
    CHECK_THROWS_AS(m(xt::xtensor<float, 2>(xt::zeros<float>({2, 4}))), pm::error);
}

TEST_CASE("module: an empty network is refused") {
    net const empty;
    CHECK_THROWS_AS(empty(xt::xtensor_fixed<float, xt::xshape<3>>{1, 2, 3}), pm::error);
}
