// Layers whose Lipschitz constant is known as a whole: the numbers of their formulas, and that no two inputs move
// further apart than pm::lipschitz says.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/lipschitz_layers.hpp>
#include <paramorph/nn/names.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/nn/streaming.hpp>
#include <paramorph/param/contracting.hpp>
#include <paramorph/param/lipschitz.hpp>
#include <paramorph/prove/bounds.hpp>
#include <paramorph/prove/properties.hpp>

#include "../catch.hpp"

namespace pm = paramorph;
namespace nn = pm::nn;
using doubles = pm::element_type<double>;

namespace {

template <class A>
void draw(pm::random& source, A& a, double size) {
    for (auto& e : a) e = static_cast<typename A::value_type>(source.uniform(-size, size));
}
// How much further apart two inputs are moved, at most, of originals and inputs of many sizes.
template <class Net, int In>
double most_moved() {
    pm::random source{pm::seed{5}};
    double most = 0;
    Net net{pm::seed{1}};
    xt::xtensor_fixed<double, xt::xshape<In>> x, y;
    for (double const of_weights : {1e-30, 1e-3, 1.0, 30.0})
        for (double const of_psi : {0.0, 3.0, 100.0})
            for (double const step : {1e-3, 1.0, 10.0})
                for (int k = 0; k < 20; ++k) {
                    pm::for_each_parameter(net, [&](auto, auto& a) { draw(source, a, of_weights); });
                    draw(source, net.psi.original(), of_psi);
                    draw(source, x, 2);
                    draw(source, y, step);
                    y += x;
                    auto const f = net(x), g = net(y);
                    double moved = 0, before = 0;
                    for (std::size_t i = 0; i < f.size(); ++i) moved += (f(i) - g(i)) * (f(i) - g(i));
                    for (std::size_t i = 0; i < In; ++i) before += (x(i) - y(i)) * (x(i) - y(i));
                    double size = 0;  // of what rounding takes a share
                    for (auto const e : f) size = std::fmax(size, std::abs(e));
                    double const by = (std::sqrt(moved) - 1e-14 * size) / std::sqrt(before);
                    if (by > most || by != by) most = by;
                }
    return most;
}

// Says of three times its input what holds of another function of it.
struct skips : nn::sandwich<4, 4> {
    constexpr auto forward(auto x) const {
        auto const w = pm::detail::as_operand(this->weight);
        return pm::detail::bounded_layer<pm::detail::layer_bound::square>(3.0 * x, pm::relu(x), w);
    }
};

// Frames of three numbers; each goes through alone.
struct of_frames {
    using frames = pm::frames<pm::time_axis, 3>;
    nn::sandwich<3, 4> first;
    nn::convex_potential<4, 6> second;
    constexpr auto forward(auto x) const { return second(first(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(of_frames, first, second);

TEST_CASE("sandwich and convex_potential: their Lipschitz constants, by the norm of the weight") {
    static_assert(pm::lipschitz<nn::sandwich<8, 16>> >= 1 && pm::lipschitz<nn::sandwich<8, 16>> <= 1.001);
    static_assert(pm::lipschitz<nn::sandwich<8, 16, nn::relu, doubles>> <= 1 + 1e-12);
    static_assert(pm::lipschitz<nn::sandwich<8, 3, nn::tanh, pm::weight<pm::param::lipschitz<0.5>>>> <= 0.25 + 1e-15);
    static_assert(pm::lipschitz<nn::sequential<nn::sandwich<4, 6>, nn::sandwich<6, 2, nn::tanh>>> <= 1.001);
    static_assert(pm::lipschitz<nn::convex_potential<8, 16>> >= 1 &&
                  pm::lipschitz<nn::convex_potential<8, 16>> <= 1.01);
    static_assert(pm::lipschitz<nn::convex_potential<8, 4, nn::tanh, pm::weight<pm::param::lipschitz<0.5>>>> == 1);
    static_assert(pm::lipschitz<nn::convex_potential<8, 4, nn::relu, pm::weight<pm::param::lipschitz<2>>>> <=
                  7 + 1e-14);
    // A weight that can be anything, and an activation that falls: by their parts, or not at all.
    static_assert(pm::lipschitz<nn::sandwich<8, 16, nn::relu, pm::weight<>>> == pm::math::infinity);
    static_assert(pm::lipschitz<nn::convex_potential<4, 4, nn::relu, pm::weight<>>> == pm::math::infinity);
    // psi can be anything, so the parts alone are not bounded.
    static_assert(pm::lipschitz<nn::sandwich<8, 16, nn::silu>> > 2);
    static_assert(
        pm::proved<pm::claim::lipschitz<1.01>, nn::sequential<nn::convex_potential<8, 16>, nn::sandwich<8, 4>>>);
}
TEST_CASE("bounded_layer: a layer that depends on its input by another way is not taken for one") {
    static_assert(pm::lipschitz<pm::called_with<skips, pm::shape<4>>> == 3);
}
TEST_CASE("sandwich and convex_potential: no two inputs move further apart") {
    auto const within = [](double most) {
        INFO(most);
        CHECK(most <= 1 + 1e-12);
        return most > 0.5;
    };
    CHECK(within(most_moved<nn::sandwich<3, 4, nn::relu, doubles>, 3>()));
    CHECK(within(most_moved<nn::sandwich<3, 2, nn::tanh, doubles>, 3>()));
    CHECK(within(most_moved<nn::convex_potential<3, 4, nn::relu, doubles>, 3>()));
    CHECK(within(most_moved<nn::convex_potential<3, 2, nn::tanh, doubles>, 3>()));
}
TEST_CASE("sandwich and convex_potential: their formulas") {
    using vector = xt::xtensor_fixed<double, xt::xshape<2>>;
    // [a b] = [0.6 0 | 0.8 0; 0 0.8 | 0 0.6]: y = 2 a s(b x / p + c / sqrt(2)) p for relu.
    nn::sandwich<2, 2, nn::relu, doubles> layer{pm::seed{0}};
    layer.weight = xt::xtensor_fixed<double, xt::xshape<2, 4>>{{0.6, 0, 0.8, 0}, {0, 0.8, 0, 0.6}};
    layer.psi = vector{std::log(2.0), -1};
    layer.bias = vector{1, 5 * std::sqrt(2.0)};
    vector const y = layer(vector{3, -1});
    CHECK(std::abs(y(0) - 1.2 * (2.4 + std::sqrt(2.0))) < 1e-14);
    CHECK(std::abs(y(1) - 1.6 * (-0.6 + 5 * std::exp(-1.0))) < 1e-14);
    nn::convex_potential<2, 2, nn::tanh, doubles, pm::weight<>> step{pm::seed{0}};
    step.weight = xt::xtensor_fixed<double, xt::xshape<2, 2>>{{0.6, 0.8}, {0, 0.5}};
    step.psi = vector{std::log(2.0), 0};
    step.bias = vector{0.1, -0.2};
    vector const z = step(vector{1, 2});
    double const u = 2 * std::tanh(2.2 / 2 + 0.1), v = std::tanh(0.8);
    CHECK(std::abs(z(0) - (1 - 2 * 0.6 * u)) < 1e-14);
    CHECK(std::abs(z(1) - (2 - 2 * (0.8 * u + 0.5 * v))) < 1e-14);
}
TEST_CASE("sandwich and convex_potential: streamed, frozen, and within their bounds") {
    auto const net = pm::make<of_frames>(pm::seed{3});
    auto const frozen = pm::freeze(net);
    xt::xtensor_fixed<float, xt::xshape<5, 3>> x;
    pm::random source{pm::seed{8}};
    draw(source, x, 1);
    auto const y = net(x);
    CHECK((frozen(x) == y));
    pm::streaming<of_frames, 2> stream(net);
    xt::xtensor_fixed<float, xt::xshape<5, 4>> streamed;
    stream.process(x.data(), streamed.data(), 5);
    auto const ranges = pm::bounds(frozen, pm::box<pm::shape<5, 3>>::of(-1, 1));
    double widest = 0;
    for (std::size_t k = 0; k < y.size(); ++k) {
        float const value = y.data()[k], in_stream = streamed.data()[k];
        double const low = ranges.lower(int(k)), high = ranges.upper(int(k));
        bool const inside = low <= value && value <= high;
        CHECK(inside);
        CHECK(std::fabs(in_stream - value) < 1e-6F);
        widest = std::fmax(widest, high - low);
    }
    CHECK(widest < 30);
}
