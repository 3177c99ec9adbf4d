// function and value_and_grad of functions: what a lambda gives on arrays, of inputs alone, of a network, of a frozen
// and a cached one, bit for bit the numbers of the call of the network; gradients against finite differences and
// against those of a network with the same tensors.
//
// SPDX-License-Identifier: BSL-1.0
#include <numeric>

#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

template <class T, std::size_t... E>
using fixed = xt::xtensor_fixed<T, xt::xshape<E...>>;

template <class Array>
Array drawn(std::uint64_t from, double low = -1, double high = 1) {
    Array a;
    pm::random numbers{pm::seed{from}};
    for (auto& e : a) e = static_cast<typename Array::value_type>(numbers.uniform(low, high));
    return a;
}

// A function beside forward, and stages with state that training moves.
struct coder {
    pm::nn::linear<6, 4, pm::weight<pm::param::spectral_norm<>>> in;
    pm::nn::linear<4, 6, pm::weight<pm::param::weight_norm<>>> out;
    constexpr auto encode(auto x) const { return pm::tanh(in(x)); }
    constexpr auto decode(auto h) const { return out(h); }
    constexpr auto forward(auto x) const { return decode(encode(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(coder, in, out);

TEST_CASE("function: of one input, with several results") {
    auto const a = drawn<fixed<float, 5, 3>>(1);
    auto const f = pm::function([](auto x) { return pm::svd(x); });
    auto const [u, s, vh] = f(a);
    CHECK((u.shape(0) == 5 && u.shape(1) == 3 && s.size() == 3 && vh.shape(0) == 3));
    CHECK((s(0) >= s(1) && s(1) >= s(2) && s(2) > 0));
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            float sum = 0;
            for (std::size_t k = 0; k < 3; ++k) sum += u(i, k) * s(k) * vh(k, j);
            CHECK(std::abs(sum - a(i, j)) < 1e-5f);
        }
}

TEST_CASE("function: of several inputs, of other shapes and types") {
    auto const add = pm::function([](auto x, auto y, auto z) { return pm::matmul(x, y) + z; });
    auto const a = drawn<fixed<double, 2, 3>>(1);
    auto const b = drawn<fixed<double, 3, 4>>(2);
    fixed<double> const shift(0.5);
    auto const y = add(a, b, shift);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 4; ++j)
            CHECK(std::abs(y(i, j) - (a(i, 0) * b(0, j) + a(i, 1) * b(1, j) + a(i, 2) * b(2, j) + 0.5)) < 1e-15);
    // One object, other shapes.
    CHECK(add(drawn<fixed<float, 7, 1>>(3), drawn<fixed<float, 1, 1>>(4), drawn<fixed<float, 7, 1>>(5)).size() == 7);
    // Labels.
    auto const loss = pm::function([](auto x, auto t) { return pm::cross_entropy(x, t); });
    fixed<float, 2, 2> const logits{{0, 0}, {0, 0}};
    float const l = loss(logits, fixed<std::int32_t, 2>{0, 1});
    CHECK(std::abs(l - std::log(2.0f)) < 1e-6f);
    CHECK_THROWS_AS(loss(logits, fixed<std::int32_t, 2>{0, 2}), pm::error);
    // By reference, and any number.
    auto const sum = pm::function([](auto const&... x) { return (x + ...); });
    CHECK(sum(shift, shift, shift, shift, shift, shift, shift) == 3.5);
    auto const first = pm::function([](auto& x, auto) { return x; });
    CHECK(test::same_bits(first(a, b), a));
}

TEST_CASE("function: results that are inputs, twice the same, constants, numbers") {
    auto const a = drawn<fixed<float, 3, 3>>(1);
    auto const f = pm::function([](auto x) {
        auto const y = pm::exp(x);
        return std::tuple{x, y, y, pm::transpose(y), x * 0, pm::sum(x), std::get<1>(pm::svd(x))};
    });
    auto const [x, y, again, turned, zero, sum, s] = f(a);
    CHECK(test::same_bits(x, a));
    CHECK(test::same_bits(y, again));
    for (std::size_t i = 0; i < 9; ++i) {
        CHECK(turned(i % 3, i / 3) == y(i / 3, i % 3));
        CHECK(zero(i / 3, i % 3) == 0);
    }
    static_assert(std::is_same_v<decltype(sum), float const>);
    CHECK(std::abs(sum - (a(0, 0) + a(0, 1) + a(0, 2) + a(1, 0) + a(1, 1) + a(1, 2) + a(2, 0) + a(2, 1) + a(2, 2))) <
          1e-5f);
    CHECK(s.size() == 3);
    auto const pair = pm::function([](auto v) { return std::pair{pm::max(v), pm::min(v)}; });
    auto const [high, low] = pair(a);
    CHECK((high == *std::max_element(a.begin(), a.end()) && low == *std::min_element(a.begin(), a.end())));
    auto const one = pm::function([](auto v) { return std::tuple{v + 1}; })(a);
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(one)>> == 1);
    CHECK(std::get<0>(one)(0, 0) == a(0, 0) + 1);
}

TEST_CASE("function: hostile numbers pass as the operations say") {
    double const infinite = std::numeric_limits<double>::infinity(), least = 5e-324;
    fixed<double, 6> const a{0.0, -0.0, least, infinite, -infinite, std::nan("")};
    auto const negated = pm::function([](auto x) { return -x; })(a);
    CHECK((std::signbit(negated(0)) && !std::signbit(negated(1)) && negated(2) == -least));
    CHECK((negated(3) == -infinite && negated(4) == infinite && std::isnan(negated(5))));
    // What fails is an error, and the next call is as before.
    auto const invert = pm::function([](auto x) { return pm::inverse(x); });
    CHECK_THROWS_AS(invert(fixed<double, 2, 2>{{1, 1}, {1, 1}}), pm::error);
    CHECK(invert(fixed<double, 2, 2>{{2, 0}, {0, 4}})(1, 1) == 0.25);
    // An argument may be the result's own array.
    fixed<double, 2, 2> own{{2, 0}, {0, 4}};
    own = invert(own);
    CHECK(own(0, 0) == 0.5);
}

TEST_CASE("function: arrays whose shapes are named") {
    auto const f = pm::function<pm::shape<40, 30>, pm::shape<30>>(
        [](auto a, auto x) { return std::tuple{pm::matmul(a, pm::unsqueeze<1>(x)), a * 2}; });
    auto a = xt::xtensor<float, 2>::from_shape({40, 30});
    auto x = xt::xtensor<float, 1>::from_shape({30});
    pm::random numbers{pm::seed{1}};
    for (auto& e : a) e = static_cast<float>(numbers.uniform(-1, 1));
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    auto const [y, twice] = f(a, x);
    float sum = 0;
    for (std::size_t k = 0; k < 30; ++k) sum += a(7, k) * x(k);
    CHECK(std::abs(y(7, 0) - sum) < 1e-5f);
    CHECK(twice(3, 4) == 2 * a(3, 4));
    // What one gives, which is beyond 1 KiB, the next takes; static shapes are taken as well.
    auto const [z, four_times] = f(twice, drawn<fixed<float, 30>>(2));
    CHECK(four_times(3, 4) == 4 * a(3, 4));
    CHECK_THROWS_WITH(
        f(a, xt::xtensor<float, 1>::from_shape({31})),
        ContainsSubstring("function: input 1 has another shape than was named: [31] is given, [30] was named"));
    CHECK_THROWS_WITH(f(xt::xtensor<float, 2>::from_shape({30, 40}), x),
                      ContainsSubstring("input 0 has another shape than was named: [30, 40] is given, [40, 30]"));
    CHECK_THROWS_WITH(f(xt::xtensor<float, 1>::from_shape({1200}), x), ContainsSubstring("[1200] is given, [40, 30]"));
    xt::xtensor<float, 2, xt::layout_type::column_major> const turned = a;
    CHECK_THROWS_WITH(f(turned, x),
                      ContainsSubstring("input 0 must be row-major and contiguous; copy a view of an array first"));
}

TEST_CASE("function: of a network, bit for bit as the network") {
    auto net = pm::make<coder>(pm::seed{1});
    auto const x = drawn<fixed<float, 3, 6>>(2);
    auto const whole = pm::function([](auto& n, auto a) { return n(a); }, net);
    auto const encode = pm::function([](auto& n, auto a) { return n.encode(a); }, net);
    auto const decode = pm::function([](auto const& n, auto h) { return n.decode(h); }, net);
    auto const both = pm::function(
        [](auto& n, auto a) {
            auto const h = n.encode(a);
            return std::tuple{n.decode(h), h};
        },
        net);
    CHECK(test::same_bits(whole(x), net(x)));
    auto const [y, h] = both(x);
    CHECK(test::same_bits(y, net(x)));
    CHECK(test::same_bits(h, encode(x)));
    auto const in_two = decode(encode(x));
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(in_two.data()[i] - y.data()[i]) < 1e-6f);
    // It follows the network, and changes nothing of it, not even the state of stages.
    auto const state = net.in.weight.state();
    pm::optim::sgd optimizer{net, {.learning_rate = 0.1}};
    auto step = pm::value_and_grad([](auto& n, auto a, auto t) { return pm::mse(n(a), t); }, net);
    optimizer.step(step(x, x).gradient);
    CHECK(test::same_bits(whole(x), net(x)));
    CHECK_FALSE(test::same_bits(whole(x), y));
    auto const moved = net.in.weight.state();
    CHECK_FALSE(test::same_bits(moved, state));
    static_cast<void>(both(x));
    CHECK(test::same_bits(net.in.weight.state(), moved));
    // Its tensors are results as well, and a function may take no input.
    auto const weights =
        pm::function([](auto& n) { return std::tuple{n.in.weight, pm::sum(n.in.weight), n.out.bias * 2}; }, net);
    auto const [w, total, bias] = weights();
    CHECK(test::same_bits(w, net.in.weight()));
    CHECK(bias(3) == 2 * net.out.bias()(3));
    CHECK(std::abs(total - std::accumulate(w.begin(), w.end(), 0.0f)) < 1e-5f);
}

TEST_CASE("function: of networks whose values were computed") {
    auto net = pm::make<coder>(pm::seed{1});
    auto const x = drawn<fixed<float, 3, 6>>(2);
    auto const f = [](auto& n, auto a) { return std::tuple{n.encode(a), n(a)}; };
    auto const frozen = pm::freeze(net);
    auto const cached = pm::cached(net);
    auto const of_frozen = pm::function(f, frozen);
    auto const of_cached = pm::function(f, cached);
    CHECK(test::same_bits(std::get<1>(of_frozen(x)), frozen(x)));
    CHECK(test::same_bits(std::get<1>(of_cached(x)), cached(x)));
    CHECK(test::same_bits(std::get<0>(of_frozen(x)), std::get<0>(of_cached(x))));
    net.out.bias = fixed<float, 6>{1, 2, 3, 4, 5, 6};
    CHECK_THROWS_WITH(of_cached(x), ContainsSubstring("cached: the network was written since"));
    CHECK_NOTHROW(of_frozen(x));
    // One that was moved from, and a network that was never filled, are refused.
    auto moved = pm::function(f, net);
    auto const kept = std::move(moved);
    CHECK_THROWS_WITH(moved(x), ContainsSubstring("an object that was moved from was used"));
    CHECK(test::same_bits(std::get<1>(kept(x)), net(x)));
    coder const empty;
    CHECK_THROWS_WITH(pm::function(f, empty)(x), ContainsSubstring("an empty tensor was used"));
    // Of an overlay, whose struct's own tensor is empty.
    auto const laid_over = pm::register_parametrization<pm::at<"out.bias", pm::param::positive>>(net);
    CHECK(test::same_bits(pm::function([](auto& n, auto a) { return n(a); }, laid_over)(x), laid_over(x)));
}

TEST_CASE("value_and_grad of a function: by hand") {
    auto const f = pm::value_and_grad([](auto a, auto b) { return pm::sum(pm::square(pm::matmul(a, b))); });
    fixed<double, 2, 3> const a{{1, 2, 3}, {0, 1, 4}};
    fixed<double, 3, 1> const b{{1}, {2}, {-1}};
    auto const [value, gradient] = f(a, b);
    auto const& [of_a, of_b] = gradient;
    CHECK(value == 8);
    CHECK((of_a == fixed<double, 2, 3>{{4, 8, -4}, {-4, -8, 4}}));
    CHECK((of_b == fixed<double, 3, 1>{{4}, {4}, {-4}}));
    // A scalar, one input: a number. An input that does not matter: zeros. Labels: none.
    fixed<double> const three(3.0);
    auto const square = pm::value_and_grad([](auto x) { return x * x; })(three);
    static_assert(std::is_same_v<decltype(square.gradient), double>);
    CHECK((square.value == 9 && square.gradient == 6));
    auto const unused = pm::value_and_grad([](auto x, auto) { return pm::sum(x); })(b, a);
    CHECK((std::get<0>(unused.gradient) == fixed<double, 3, 1>{{1}, {1}, {1}}));
    CHECK((std::get<1>(unused.gradient) == fixed<double, 2, 3>{{0, 0, 0}, {0, 0, 0}}));
    auto const loss = pm::value_and_grad([](auto t, auto x) { return pm::cross_entropy(x, t); });
    auto const of_labels = loss(fixed<std::int32_t, 2>{2, 0}, a);
    static_assert(std::is_same_v<std::remove_const_t<decltype(of_labels.gradient)>, fixed<double, 2, 3>>);
    CHECK(std::abs(of_labels.gradient(0, 0) - std::exp(-2.0) / (1 + std::exp(-1.0) + std::exp(-2.0)) / 2) < 1e-12);
    CHECK_THROWS_AS(loss(fixed<std::int32_t, 2>{3, 0}, a), pm::error);
}

TEST_CASE("value_and_grad of a function: of arrays whose shapes are named") {
    auto const f = pm::value_and_grad<pm::shape<30, 20>, pm::shape<20>>(
        [](auto a, auto x) { return pm::sum(pm::square(a)) + pm::sum(pm::matmul(a, pm::unsqueeze<1>(x))); });
    auto a = xt::xtensor<float, 2>::from_shape({30, 20});
    for (std::size_t i = 0; i < a.size(); ++i) a.data()[i] = static_cast<float>(i % 7);
    auto const x = drawn<fixed<float, 20>>(1);
    auto const [value, gradient] = f(a, x);
    auto const& [of_a, of_x] = gradient;
    CHECK((of_a.shape(0) == 30 && of_a.shape(1) == 20 && of_x.size() == 20));
    CHECK(std::abs(of_a(3, 4) - (2 * a(3, 4) + x(4))) < 1e-5f);
    float sum = 0;
    for (std::size_t i = 0; i < 30; ++i) sum += a(i, 7);
    CHECK(std::abs(of_x(7) - sum) < 1e-4f);
    // What it gives it takes.
    CHECK(std::isfinite(f(of_a, of_x).value));
    CHECK_THROWS_WITH(f(xt::xtensor<float, 2>::from_shape({20, 30}), x),
                      ContainsSubstring("value_and_grad: input 0 has another shape than was named: [20, 30] is given, "
                                        "[30, 20] was named"));
}

TEST_CASE("value_and_grad of a function: against finite differences") {
    auto const f = [](auto a, auto b, auto s) {
        auto const [u, d, vh] = pm::svd(a);
        return pm::sum(pm::tanh(pm::matmul(pm::inverse(pm::matmul(pm::transpose(a), a) + pm::identity<3>()), b))) +
               pm::sum(d * d * s);
    };
    auto a = drawn<fixed<double, 4, 3>>(1);
    auto b = drawn<fixed<double, 3, 2>>(2);
    fixed<double> s(0.7);
    auto const g = pm::value_and_grad(f);
    auto const value = pm::function(f);
    auto const [v, gradient] = g(a, b, s);
    CHECK(v == value(a, b, s));
    auto const slopes = [&](auto& x, double const* expected) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            double const kept = x.data()[i], h = 1e-6;
            x.data()[i] = kept + h;
            double const up = value(a, b, s);
            x.data()[i] = kept - h;
            double const down = value(a, b, s);
            x.data()[i] = kept;
            CHECK(std::abs((up - down) / (2 * h) - expected[i]) < 1e-8);
        }
    };
    slopes(a, std::get<0>(gradient).data());
    slopes(b, std::get<1>(gradient).data());
    double const of_s = std::get<2>(gradient);
    slopes(s, &of_s);
}

TEST_CASE("value_and_grad of a function: as that of a network with the same numbers") {
    using layer = pm::nn::linear<5, 30>;
    layer net{pm::seed{1}};
    auto const x = drawn<fixed<float, 4, 5>>(2);
    auto const t = drawn<fixed<float, 4, 30>>(3);
    auto step = pm::value_and_grad([](auto& n, auto a, auto b) { return pm::mse(n(a), b); }, net);
    auto& [value, gradient] = step(x, t);
    fixed<float, 30, 5> const w = net.weight();
    fixed<float, 30> const b = net.bias();
    auto const f = pm::value_and_grad([](auto weight, auto bias, auto a, auto target) {
        return pm::mse(pm::matmul(a, pm::transpose(weight)) + bias, target);
    });
    auto const all = f(w, b, x, t);
    for (std::size_t i = 0; i < w.size(); ++i)
        CHECK(std::abs(std::get<0>(all.gradient).data()[i] - gradient.at<"weight">().data()[i]) < 1e-7f);
    for (std::size_t i = 0; i < b.size(); ++i)
        CHECK(std::abs(std::get<1>(all.gradient)(i) - gradient.at<"bias">()(i)) < 1e-7f);
    CHECK(std::abs(all.value - value) < 1e-6f);
    CHECK(std::get<3>(all.gradient).size() == 120);
}
