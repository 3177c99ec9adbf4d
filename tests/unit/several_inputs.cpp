// Networks of several inputs and results: called on arrays of static shape, on batches known at run time, parametrized
// after the fact, frozen, cached, in training and in inference, in a loss.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

// A recurrent cell: what it says, and its next state.
struct cell {
    using input_shapes = pm::shapes<pm::shape<4>, pm::shape<3>>;
    pm::nn::linear<4, 3, pm::weight<pm::param::spectral_norm<>>> input;
    pm::nn::linear<3, 3> hidden;
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x, auto h) const {
        auto const next = pm::tanh(input(x) + hidden(h)) * gain;
        return std::tuple{pm::sum<1>(next), next};
    }
    constexpr auto heard(auto x) const { return pm::tanh(input(x)) * gain; }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
// One whose inputs are a matrix for each row and a label, and which has one result.
struct chosen {
    using input_shapes = pm::shapes<pm::shape<2, 3>, pm::shape<>>;
    pm::nn::linear<3, 2> inner;
    constexpr auto forward(auto x, auto label) const { return pm::pick(pm::sum<1>(inner(x)), label); }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

// One of whose results is a tensor of its own, in a pair.
struct with_its_gain {
    cell inner;
    constexpr auto forward(auto x, auto h) const {
        auto const [y, next] = inner(x, h);
        return std::pair{y * pm::sum(next), inner.gain};
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(with_its_gain, inner);
BOOST_HANA_ADAPT_STRUCT(cell, input, hidden, gain);
BOOST_HANA_ADAPT_STRUCT(chosen, inner);

namespace {

using parametrized_cell = pm::parametrize<cell, pm::at<"gain", pm::param::positive>,
                                          pm::at<"hidden.weight", pm::param::skew, pm::param::cayley>>;

template <class Array>
Array drawn(std::uint64_t from) {
    Array a;
    pm::random numbers{pm::seed{from}};
    for (auto& e : a) e = static_cast<float>(numbers.uniform(-1, 1));
    return a;
}
template <class Net>
Net made() {
    auto net = pm::make<Net>(pm::seed{1});
    pm::get<"gain">(net) = fixed<3>{1, 2, 0.5};
    return net;
}
void expect_near(auto const& a, auto const& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a.data()[i] - b.data()[i]) < 1e-5f);
}

}  // namespace

TEMPLATE_TEST_CASE("several inputs: by hand, of a network and of one parametrized after the fact", "", cell,
                   parametrized_cell) {
    auto const net = made<TestType>();
    auto const x = drawn<fixed<2, 4>>(1);
    auto const h = drawn<fixed<2, 3>>(2);
    auto const [y, next] = net(x, h);
    static_assert(std::is_same_v<std::remove_const_t<decltype(y)>, fixed<2>>);
    auto const w = pm::get<"input.weight">(net)();
    auto const v = pm::get<"hidden.weight">(net)();
    for (std::size_t r = 0; r < 2; ++r) {
        float sum = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            double z = pm::get<"input.bias">(net)()(i) + pm::get<"hidden.bias">(net)()(i);
            for (std::size_t k = 0; k < 4; ++k) z += w(i, k) * x(r, k);
            for (std::size_t k = 0; k < 3; ++k) z += v(i, k) * h(r, k);
            double const expected = std::tanh(z) * pm::get<"gain">(net)()(i);
            CHECK(std::abs(next(r, i) - expected) < 1e-5);
            sum += next(r, i);
        }
        CHECK(std::abs(y(r) - sum) < 1e-5f);
    }
    // Every way of calling it gives the same.
    auto const [y1, next1] = pm::inference(net)(x, h);
    auto const [y2, next2] = pm::freeze(net)(x, h);
    auto const [y3, next3] = pm::cached(net)(x, h);
    auto const [y4, next4] = pm::function([](auto& n, auto a, auto b) { return n(a, b); }, net)(x, h);
    CHECK((test::same_bits(y, y1) && test::same_bits(next, next1) && test::same_bits(y, y4) &&
           test::same_bits(next, next4)));
    CHECK((test::same_bits(y2, y3) && test::same_bits(next2, next3)));
    expect_near(y, y2);
    expect_near(next, next2);
}

TEMPLATE_TEST_CASE("several inputs: a batch known at run time", "", cell, parametrized_cell) {
    auto const net = made<TestType>();
    auto const frozen = pm::freeze(net);
    for (std::size_t const rows : {std::size_t(0), std::size_t(1), std::size_t(31), std::size_t(70)}) {
        auto x = xt::xtensor<float, 2>::from_shape({rows, 4});
        auto h = xt::xtensor<float, 2>::from_shape({rows, 3});
        pm::random numbers{pm::seed{3}};
        for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
        for (auto& e : h) e = static_cast<float>(numbers.uniform(-1, 1));
        auto const [y, next] = net(x, h);
        auto const [y2, next2] = frozen(x, h);
        auto const [y3, next3] = pm::cached(net)(x, h);
        REQUIRE((y.dimension() == 1 && y.shape(0) == rows && next.shape(0) == rows && next.shape(1) == 3));
        CHECK((test::same_bits(y, y2) && test::same_bits(next, next2) && test::same_bits(y, y3) &&
               test::same_bits(next, next3)));
        for (std::size_t r = 0; r < rows; ++r) {
            fixed<1, 4> row_x;
            fixed<1, 3> row_h;
            std::copy_n(x.data() + r * 4, 4, row_x.data());
            std::copy_n(h.data() + r * 3, 3, row_h.data());
            auto const [one, one_next] = net(row_x, row_h);
            CHECK(std::abs(one(0) - y(r)) < 1e-5f);
            for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(one_next(0, i) - next(r, i)) < 1e-5f);
        }
    }
    // Rows that do not belong together.
    auto const x = xt::xtensor<float, 2>::from_shape({5, 4});
    CHECK_THROWS_WITH(net(x, xt::xtensor<float, 2>::from_shape({4, 3})),
                      ContainsSubstring("call: the inputs of a batch must have the same number of rows: 5 and 4"));
    CHECK_THROWS_WITH(
        net(x, xt::xtensor<float, 2>::from_shape({5, 4})),
        ContainsSubstring("expected row-major arrays [batch, 4] and [batch, 3], found [5, 4] and [5, 4]"));
    CHECK_THROWS_WITH(
        frozen(xt::xtensor<float, 2>::from_shape({5, 3}), xt::xtensor<float, 2>::from_shape({5, 3})),
        ContainsSubstring("expected row-major arrays [batch, 4] and [batch, 3], found [5, 3] and [5, 3]"));
}

TEST_CASE("several inputs: rows that are matrices, and labels") {
    auto const net = pm::make<chosen>(pm::seed{1});
    auto x = xt::xtensor<float, 3>::from_shape({37, 2, 3});
    auto labels = xt::xtensor<std::int32_t, 1>::from_shape({37});
    pm::random numbers{pm::seed{3}};
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    for (auto& e : labels) e = numbers.below(2);
    auto const y = net(x, labels);
    REQUIRE((y.dimension() == 1 && y.shape(0) == 37));
    fixed<1, 2, 3> row;
    for (std::size_t r = 0; r < 37; ++r) {
        std::copy_n(x.data() + r * 6, 6, row.data());
        CHECK(std::abs(net(row, xt::xtensor_fixed<std::int32_t, xt::xshape<1>>{labels(r)})(0) - y(r)) < 1e-5f);
    }
    labels(36) = 2;
    CHECK_THROWS_AS(net(x, labels), pm::error);
}

TEST_CASE("several inputs: a module within another, and a tensor as a result, also where it is laid over") {
    auto net = pm::make<with_its_gain>(pm::seed{1});
    net.inner = made<cell>();
    auto const over = pm::register_parametrization<pm::at<"inner.gain", pm::param::positive>>(net);
    auto const back = pm::remove_parametrizations<"inner.gain">(over, pm::leave_parametrized);
    auto const x = drawn<fixed<2, 4>>(1);
    auto const h = drawn<fixed<2, 3>>(2);
    auto const [inner_y, next] = net.inner(x, h);
    float sum = 0;
    for (float const e : next) sum += e;
    auto const [y, gain] = net(x, h);
    for (std::size_t r = 0; r < 2; ++r) CHECK(std::abs(y(r) - inner_y(r) * sum) < 1e-5f);
    CHECK((gain == fixed<3>{1, 2, 0.5}));
    auto const [y1, gain1] = over(x, h);
    auto const [y2, gain2] = back(x, h);
    expect_near(y1, y);
    expect_near(gain1, gain);
    expect_near(y2, y);
    expect_near(gain2, gain);
}

TEST_CASE("several inputs: training moves state, inference does not") {
    auto net = made<cell>();
    auto const x = drawn<fixed<2, 4>>(1);
    auto const h = drawn<fixed<2, 3>>(2);
    auto const before = net.input.weight.state();
    static_cast<void>(net(x, h));
    CHECK(test::same_bits(before, net.input.weight.state()));
    auto const [y, next] = pm::training(net)(x, h);
    CHECK_FALSE(test::same_bits(before, net.input.weight.state()));
    CHECK((y.size() == 2 && next.size() == 6));
    // The same step as in a loss.
    auto other = made<cell>();
    auto step = pm::value_and_grad(
        [](auto& n, auto a, auto b) {
            auto const [z, unused] = n(a, b);
            return pm::sum(z);
        },
        other);
    CHECK(std::abs(step(x, h).value - (y(0) + y(1))) < 1e-5f);
    CHECK(test::same_bits(net.input.weight.state(), other.input.weight.state()));
}

TEMPLATE_TEST_CASE("several inputs: a loss of two steps in time, its gradient against finite differences", "", cell,
                   parametrized_cell) {
    auto net = made<TestType>();
    auto const x = drawn<fixed<2, 4>>(1);
    auto const h = drawn<fixed<2, 3>>(2);
    auto step = pm::value_and_grad(
        [](auto& n, auto a, auto b) {
            auto const [y, next] = pm::inference(n)(a, b);
            auto const [y2, next2] = pm::inference(n)(a, next);
            return pm::sum(pm::square(y2)) + pm::sum(next2);
        },
        net);
    auto const gradient = step(x, h).gradient;
    auto const slope = [&](float& p) {
        float const kept = p, width = 1e-2f;
        p = kept + width;
        float const up = step(x, h).value;
        p = kept - width;
        float const down = step(x, h).value;
        p = kept;
        return (up - down) / (2 * width);
    };
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(std::abs(slope(pm::get<"gain">(net).original()(i)) - gradient.template at<"gain">()(i)) < 5e-3f);
    auto const of_hidden = gradient.template at<"hidden.weight">();
    for (std::size_t i = 0; i < 9; ++i)
        CHECK(std::abs(slope(pm::get<"hidden.weight">(net).original().data()[i]) - of_hidden.data()[i]) < 5e-3f);
}

TEST_CASE("a function of the module as it was declared, of it and of what is laid over it") {
    auto const net = made<cell>();
    auto const over = pm::register_parametrization<pm::at<"gain", pm::param::positive>>(net);
    auto const more =
        pm::register_parametrization<pm::at<"input.weight", pm::param::scale<2.0>>>(over, pm::leave_original);
    auto const heard = [](auto& n, auto x) { return pm::as_declared(n, [&](auto& own) { return own.heard(x); }); };
    auto const x = drawn<fixed<2, 4>>(1);
    auto const y = pm::function(heard, net)(x), y1 = pm::function(heard, over)(x), y2 = pm::function(heard, more)(x);
    expect_near(y, y1);
    auto const w = pm::get<"input.weight">(more)();
    for (std::size_t r = 0; r < 2; ++r)
        for (std::size_t i = 0; i < 3; ++i) {
            double z = pm::get<"input.bias">(net)()(i);
            for (std::size_t k = 0; k < 4; ++k) z += w(i, k) * x(r, k);
            CHECK(std::abs(y2(r, i) - std::tanh(z) * pm::get<"gain">(net)()(i)) < 1e-5);
        }
    // In a loss, whose gradient reaches what was laid over the module; the state of its stages moves.
    auto trained = over;
    auto step = pm::value_and_grad(
        [](auto& n, auto a) { return pm::sum(pm::as_declared(n, [&](auto& own) { return own.heard(a); })); }, trained);
    auto& [value, gradient] = step(x);
    double sum = 0;
    for (float const e : pm::function(heard, trained)(x)) sum += e;
    CHECK(std::abs(double(value) - sum) < 1e-5);
    auto const of_gain = gradient.at<"gain">();
    double moved = 0;
    for (std::size_t i = 0; i < 3; ++i) moved += std::abs(of_gain(i));
    CHECK(moved > 0);
}
