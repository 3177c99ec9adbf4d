// Gradients by name: every part against the block that it is a part of, by the paths of get and by PyTorch's names;
// written before an optimizer takes them: clipping by norm, accumulation over micro-batches.
//
// SPDX-License-Identifier: BSL-1.0
#if __has_include(<xtensor/misc/xmanipulation.hpp>)
#include <xtensor/misc/xmanipulation.hpp>
#else
#include <xtensor/xmanipulation.hpp>
#endif

#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

struct gated {
    pm::nn::linear<3, 3> inner;
    pm::buffer<pm::shape<3>> shift;
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x) const { return pm::tanh(inner(x)) * gain + shift; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(gated, inner, shift, gain);

namespace {

// Two originals, a buffer between trained tensors, a tensor laid over a struct's own, and numbers beyond 1 KiB.
using model =
    pm::nn::sequential<pm::nn::linear<200, 3, pm::weight<pm::param::weight_norm<>>>,
                       pm::parametrize<gated, pm::at<"gain", pm::param::positive>>, pm::nn::linear<3, 2, pm::no_bias>>;
constexpr auto squared = [](auto& net, auto x, auto t) { return pm::mse(net(x), t); };
using inputs = xt::xtensor_fixed<float, xt::xshape<4, 200>>;
using targets = xt::xtensor_fixed<float, xt::xshape<4, 2>>;

void fill(auto& array, std::uint64_t from) {
    pm::random numbers{pm::seed{from}};
    for (auto& e : array) e = static_cast<float>(numbers.uniform(-1, 1));
}
struct batch {
    inputs x;
    targets t;
    explicit batch(std::uint64_t from) { fill(x, from), fill(t, from + 100); }
};

// Is an array what stands at an address?
template <class Array>
bool holds(Array const& a, float const* at) {
    return std::equal(a.begin(), a.end(), at);
}

}  // namespace

TEST_CASE("gradients: by the paths of get") {
    auto net = pm::make<model>(pm::seed{1});
    batch const b{2};
    auto step = pm::value_and_grad(squared, net);
    auto& [value, gradient] = step(b.x, b.t);
    REQUIRE(gradient.count == 7);
    auto const magnitude = gradient.original<"0.weight">();
    auto const direction = gradient.original<"0.weight", 1>();
    CHECK((magnitude.dimension() == 2 && magnitude.shape(0) == 3 && magnitude.shape(1) == 1));
    CHECK((direction.shape(0) == 3 && direction.shape(1) == 200));
    CHECK(holds(magnitude, gradient.data(0)));
    CHECK(holds(direction, gradient.data(1)));
    CHECK(holds(gradient.at<"0.bias">(), gradient.data(2)));
    CHECK(holds(gradient.at<"1.inner.weight">(), gradient.data(3)));
    CHECK(holds(gradient.original<"1.inner.bias">(), gradient.data(4)));
    CHECK(holds(gradient.at<"1.gain">(), gradient.data(5)));
    CHECK(holds(gradient.at<"2.weight">(), gradient.data(6)));
    CHECK(gradient.at<"2.weight">().size() == 6);
    // They are not all zero, and refer to the step's own memory.
    CHECK(gradient.at<"1.gain">()(0) != 0);
    CHECK(gradient.at<"1.gain">().data() == gradient.data(5));
    auto const& constant = gradient;
    CHECK(constant.at<"1.gain">().data() == gradient.data(5));
    static_assert(std::is_const_v<std::remove_reference_t<decltype(*constant.at<"1.gain">().data())>>);
}

TEST_CASE("gradients: a part against finite differences of its tensor") {
    auto net = pm::make<model>(pm::seed{1});
    batch const b{3};
    auto step = pm::value_and_grad(squared, net);
    auto const gradient = step(b.x, b.t).gradient;
    auto const slope = [&](float& p) {
        float const kept = p, h = 1e-2f;
        p = kept + h;
        float const up = step(b.x, b.t).value;
        p = kept - h;
        float const down = step(b.x, b.t).value;
        p = kept;
        return (up - down) / (2 * h);
    };
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(std::abs(slope(pm::get<"1.gain">(net).original()(i)) - gradient.at<"1.gain">()(i)) < 1e-3f);
        CHECK(std::abs(slope(pm::get<"0.weight">(net).original<0>()(i, 0)) - gradient.original<"0.weight">()(i, 0)) <
              1e-3f);
    }
    CHECK(std::abs(slope(pm::get<"2.weight">(net).original()(1, 2)) - gradient.at<"2.weight">()(1, 2)) < 1e-3f);
}

TEST_CASE("gradients: by PyTorch's names, those of the parameters") {
    auto net = pm::make<model>(pm::seed{1});
    batch const b{2};
    auto step = pm::value_and_grad(squared, net);
    auto& gradient = step(b.x, b.t).gradient;
    std::vector<std::string> parameters, names;
    std::vector<std::size_t> sizes;
    pm::for_each_parameter(net, [&](std::string const& name, auto const& p) {
        parameters.push_back(name);
        sizes.push_back(p.size());
    });
    std::size_t k = 0;
    pm::for_each_gradient(std::as_const(gradient), [&](std::string const& name, auto const& g) {
        names.push_back(name);
        CHECK(g.size() == sizes[k]);
        CHECK(holds(g, gradient.data(static_cast<int>(k++))));
    });
    CHECK(names == parameters);
    CHECK(names[1] == "0.parametrizations.weight.original1");
    pm::for_each_gradient(gradient, [&](std::string const& name, auto g) {
        if (name == "1.inner.bias") g.fill(5);
    });
    CHECK(gradient.data(4)[2] == 5);
}

TEST_CASE("gradients: what is written is what an optimizer takes") {
    auto net = pm::make<model>(pm::seed{1});
    batch const b{2};
    auto step = pm::value_and_grad(squared, net);
    auto& gradient = step(b.x, b.t).gradient;
    auto const before = pm::get<"0.bias">(net)();
    auto const others = pm::get<"2.weight">(net)();
    xt::xtensor_fixed<float, xt::xshape<3>> const ones{1, 2, 3};
    for (float& g : gradient) g = 0;
    gradient.at<"0.bias">() = ones;
    gradient.at<"0.bias">() *= 2.0f;
    pm::optim::sgd optimizer{net, {.learning_rate = 0.5}};
    optimizer.step(gradient);
    for (std::size_t i = 0; i < 3; ++i) CHECK(pm::get<"0.bias">(net)()(i) == before(i) - ones(i));
    CHECK((pm::get<"2.weight">(net)() == others));
}

TEST_CASE("gradients: an array of another shape is refused, and nothing is changed") {
    pm::gradients<model> gradient;
    for (float& g : gradient) g = 1;
    auto const before = gradient.flat();
    auto const sentence = ContainsSubstring("differs from that of what is written, [");
    CHECK_THROWS_WITH((gradient.at<"2.weight">() = xt::xtensor<float, 2>::from_shape({3, 2})), sentence);
    CHECK_THROWS_WITH((gradient.at<"2.weight">() = xt::xtensor<float, 1>::from_shape({6})), sentence);
    CHECK_THROWS_WITH((gradient.at<"0.bias">() = xt::xtensor<float, 1>::from_shape({4})), sentence);
    CHECK_THROWS_WITH((gradient.original<"0.weight">() += xt::xtensor<float, 2>::from_shape({3, 3})), sentence);
    CHECK_THROWS_WITH((gradient.at<"0.bias">() *= xt::xtensor<float, 2>::from_shape({2, 3})), sentence);
    CHECK_THROWS_WITH((gradient.at<"0.bias">().assign(xt::xtensor<float, 1>::from_shape({4}))), sentence);
    CHECK(gradient.flat() == before);
    // Of its shape everything is taken, also from the gradient itself.
    gradient.at<"0.bias">() = 2.0f * gradient.at<"1.inner.bias">();
    CHECK(gradient.data(2)[1] == 2);
    gradient.at<"1.inner.bias">() = gradient.at<"0.bias">();
    CHECK(gradient.data(4)[2] == 2);
    CHECK(gradient.data(2) != gradient.data(4));
    // And an expression of what is written.
    auto weight = gradient.at<"1.inner.weight">();
    for (std::size_t i = 0; i < 9; ++i) weight(i / 3, i % 3) = static_cast<float>(i);
    weight = xt::transpose(weight);
    for (std::size_t i = 0; i < 9; ++i) CHECK(gradient.data(3)[i] == static_cast<float>(i % 3 * 3 + i / 3));
}

TEST_CASE("gradients: clipping by norm") {
    auto net = pm::make<model>(pm::seed{1});
    batch const b{2};
    auto step = pm::value_and_grad(squared, net);
    auto& gradient = step(b.x, b.t).gradient;
    auto const before = gradient.flat();
    auto const norm = [&] {
        double squares = 0;
        for (float const g : gradient) squares += double(g) * double(g);
        return std::sqrt(squares);
    };
    double const factor = 0.01 / norm();
    REQUIRE(factor < 1);
    gradient *= static_cast<float>(factor);
    CHECK(std::abs(norm() - 0.01) < 1e-8);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(gradient.flat()[i] == before[i] * static_cast<float>(factor));
}

TEST_CASE("gradients: micro-batches add up to the batch") {
    auto net = pm::make<model>(pm::seed{1});
    batch const whole{2};
    auto step = pm::value_and_grad(squared, net);
    auto const expected = step(whole.x, whole.t).gradient;
    pm::gradients<model> sum;
    for (std::size_t half = 0; half < 2; ++half) {
        xt::xtensor_fixed<float, xt::xshape<2, 200>> x;
        xt::xtensor_fixed<float, xt::xshape<2, 2>> t;
        std::copy_n(whole.x.data() + half * x.size(), x.size(), x.data());
        std::copy_n(whole.t.data() + half * t.size(), t.size(), t.data());
        sum += step(x, t).gradient;
    }
    sum *= 0.5f;
    for (std::size_t i = 0; i < sum.flat().size(); ++i) CHECK(std::abs(sum.flat()[i] - expected.flat()[i]) < 1e-6f);
    sum += sum;
    CHECK(std::abs(sum.at<"1.gain">()(0) - 2 * expected.at<"1.gain">()(0)) < 1e-6f);
}

TEST_CASE("gradients: one that was moved from refuses to be used") {
    auto const sentence = ContainsSubstring("an object that was moved from was used");
    pm::gradients<model> gradient;
    auto other = std::move(gradient);
    CHECK_THROWS_WITH(gradient.at<"0.bias">(), sentence);
    CHECK_THROWS_WITH(std::as_const(gradient).original<"0.weight">(), sentence);
    CHECK_THROWS_WITH(gradient.begin(), sentence);
    CHECK_THROWS_WITH(gradient *= 2, sentence);
    CHECK_THROWS_WITH(gradient += other, sentence);
    CHECK_THROWS_WITH(other += gradient, sentence);
    CHECK_NOTHROW(other += other);
    gradient = other;
    CHECK_NOTHROW(gradient.at<"0.bias">());
}
