// What a write leaves behind: tensors and objects that were moved from, state of another shape, cached networks after
// writes that nothing announces, what optimizers count.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <optional>
#include <utility>

#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/mask.hpp"
#include "paramorph/param/positive.hpp"

namespace {

struct two {
    pm::tensor<pm::shape<1>> a, b;
    constexpr auto forward(auto x) const { return a * x + b * x; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;
template <int N>
using masked = pm::nn::linear<N, N, pm::weight<pm::param::mask>, pm::no_bias>;
using positive = pm::nn::linear<2, 2, pm::weight<pm::param::positive>>;
using Catch::Matchers::ContainsSubstring;
constexpr auto total = [](auto& n, auto x) { return pm::sum(n(x)); };

template <class Net>
void expect_empty_after_move() {
    auto a = pm::make<Net>(pm::seed{1});
    auto const w = a.weight();
    auto b = std::move(a);
    CHECK(a.weight.empty());
    CHECK((b.weight() == w));
    CHECK_THROWS_WITH(a.weight(), ContainsSubstring("an empty tensor was used"));
    CHECK_THROWS_AS(std::as_const(a).weight.original(), pm::error);
    CHECK_THROWS_AS(pm::freeze(a), pm::error);
    auto& same = b;
    b = std::move(same);
    b = same;
    std::swap(b, same);
    CHECK((b.weight() == w));
    std::swap(a, b);
    CHECK(b.weight.empty());
    CHECK((a.weight() == w));
    b = std::move(a);
    CHECK((b.weight() == w));
}

template <int N>
void expect_shape_refused() {
    auto net = pm::make<masked<N>>(pm::seed{1});
    auto const w = net.weight();
    xt::xtensor<float, 2> const other = xt::ones<float>({2, 2});
    auto const sentence = ContainsSubstring("the array's shape, [2, 2], differs from that of the tensor, [");
    CHECK_THROWS_WITH(net.weight.state() = other, sentence);
    CHECK_THROWS_WITH(net.weight.original() = other, sentence);
    CHECK_THROWS_WITH(net.weight.original().assign(other), sentence);
    CHECK_THROWS_WITH(net.weight.original() *= other, sentence);
    CHECK_THROWS_WITH(net.weight.state() -= other, sentence);
    CHECK((net.weight() == w));
    // What fits is taken: a row, a number, itself.
    xt::xtensor<float, 2> const row = 2 * xt::ones<float>({1, N});
    auto const before = net.weight.original();
    net.weight.original() *= row;
    net.weight.original() /= 2.0F;
    net.weight.original() += net.weight.original();
    CHECK((net.weight.original() == 2 * before));
}

template <int N>
void expect_resize_refused() {
    auto net = pm::make<masked<N>>(pm::seed{1});
    auto const w = net.weight();
    auto const sentence = ContainsSubstring("differs from that of the tensor, [" + std::to_string(N) + ", ");
    CHECK_THROWS_WITH(net.weight.original().resize({2, 2}), sentence);
    CHECK_THROWS_WITH(net.weight.original().resize(std::vector<std::size_t>{N}), sentence);
    CHECK_THROWS_WITH(net.weight.state().reshape({1, N * N}), sentence);
    net.weight.original().resize({N, N});
    net.weight.state().reshape({N, N});
    CHECK((net.weight() == w));
}

}  // namespace
BOOST_HANA_ADAPT_STRUCT(two, a, b);

TEST_CASE("written state: a network that was moved from is empty, small or large") {
    expect_empty_after_move<pm::nn::linear<3, 3>>();
    expect_empty_after_move<pm::nn::linear<64, 64>>();
    expect_empty_after_move<masked<64>>();
}

TEST_CASE("written state: an array of another shape is refused as state and as original") {
    expect_shape_refused<3>();
    expect_shape_refused<64>();
    // What a larger one is derived from can be resized; the next read refuses.
    auto net = pm::make<masked<64>>(pm::seed{1});
    auto const sentence = ContainsSubstring("a state was given another shape");
    static_cast<pm::container<pm::shape<64, 64>>&>(net.weight.state()).resize({2, 2});
    CHECK_THROWS_WITH(net.weight(), sentence);
    CHECK_THROWS_WITH(std::as_const(net).weight.state(), sentence);
    CHECK_FALSE(net.weight.try_assign(xt::xtensor<float, 2>(xt::ones<float>({64, 64}))).ok());
    CHECK_THROWS_WITH(pm::freeze(net), sentence);
    net = pm::make<masked<64>>(pm::seed{1});
    net.weight.state().storage().resize(7);
    CHECK_THROWS_WITH(net.weight(), sentence);
    pm::nn::linear<64, 64> plain{pm::seed{1}};
    plain.weight.original().storage().resize(1);
    CHECK_THROWS_WITH(plain.weight(), ContainsSubstring("an original was given another shape"));
}

TEST_CASE("written state: resized or reshaped, a small tensor as a large one keeps its shape or says so") {
    expect_resize_refused<3>();
    expect_resize_refused<64>();
}

TEST_CASE("written state: what a temporary is asked for is a value") {
    pm::nn::linear<64, 64> const net{pm::seed{1}};
    auto const& w = pm::nn::linear<64, 64>{pm::seed{1}}.weight();
    auto const& x = pm::nn::linear<64, 64>{pm::seed{1}}.weight.original();
    CHECK((w == net.weight() && x == net.weight()));
    auto trained = pm::make<two>(pm::seed{0});
    auto const result = pm::value_and_grad(total, trained)(array<1>{2});
    CHECK((result.gradient.flat() == std::vector<float>{2, 2}));
}

TEST_CASE("written state: cached notices a write through a reference that was given before") {
    auto net = pm::make<positive>(pm::seed{1});
    auto& original = net.weight.original();
    array<2> const x{1, 2};
    auto const fast = pm::cached(net);
    CHECK((fast(x) == net(x)));
    original(0, 0) += 1;
    CHECK(fast.stale());
    CHECK_THROWS_WITH(fast(x), ContainsSubstring("cached: the network was written since"));
    original(0, 0) -= 1;
    auto const again = pm::cached(net);
    auto moved = std::move(net);  // the memory of a small tensor does not move, but this is a write
    CHECK(again.stale());
    pm::nn::linear<64, 64> large{pm::seed{1}};
    float* const numbers = large.weight.original().data();
    auto const owner = std::move(large);  // the memory moved along
    auto const of_owner = pm::cached(owner);
    CHECK_FALSE(of_owner.stale());
    numbers[5] += 1;
    CHECK(of_owner.stale());
}

TEST_CASE("written state: cached notices another network in the place of its own") {
    std::optional<positive> net(std::in_place, pm::seed{1});
    auto const fast = pm::cached(*net);
    net.emplace(pm::seed{2});
    CHECK(fast.stale());
    positive const a{pm::seed{3}}, b{pm::seed{4}};
    net.emplace(a);
    auto const of_copy = pm::cached(*net);
    CHECK_FALSE(of_copy.stale());
    net.emplace(b);
    CHECK(of_copy.stale());
}

TEST_CASE("written state: optimizers, steps, gradients and frozen networks that were moved from refuse to be used") {
    auto net = pm::make<positive>(pm::seed{1});
    array<2> const x{1, 2};
    auto const sentence = ContainsSubstring("an object that was moved from was used");
    auto step = pm::value_and_grad(total, net);
    pm::optim::adam adam{net};
    pm::optim::sgd sgd{net, {.momentum = 0.9}};
    auto gradient = std::move(step(x).gradient);
    auto const of_next = step(x).gradient;  // made anew
    CHECK((of_next.flat() == gradient.flat()));
    auto other_adam = std::move(adam);
    auto other_sgd = std::move(sgd);
    auto other_step = std::move(step);
    CHECK_THROWS_WITH(adam.step(gradient), sentence);
    CHECK_THROWS_WITH(sgd.step(gradient), sentence);
    CHECK_THROWS_WITH(step(x), sentence);
    auto const kept = std::move(gradient);
    CHECK_THROWS_WITH(other_adam.step(gradient), sentence);
    CHECK_NOTHROW(other_sgd.step(kept));
    CHECK_NOTHROW(other_step(x));
    auto frozen = pm::freeze(net);
    auto cached = pm::cached(net);
    auto const other_frozen = std::move(frozen);
    auto const other_cached = std::move(cached);
    CHECK_THROWS_WITH(frozen(x), sentence);
    CHECK_THROWS_WITH(frozen.value<"weight">(), sentence);
    CHECK_THROWS_WITH(cached(x), sentence);
    CHECK((other_frozen(x) == other_cached(x)));
}

TEST_CASE("written state: adam counts the steps of each original") {
    two net;
    net.a = array<1>{0};
    net.b = array<1>{0};
    auto step = pm::value_and_grad(total, net);
    pm::optim::adam optimizer{net, {.learning_rate = 0.1}};
    net.b.requires_gradient(false);
    for (int i = 0; i < 100; ++i) optimizer.step(step(array<1>{1}).gradient);
    CHECK(std::abs(net.a()(0) + 10) < 1e-4f);
    CHECK(net.b()(0) == 0);
    net.b.requires_gradient(true);
    optimizer.step(step(array<1>{1}).gradient);
    CHECK(std::abs(net.b()(0) + 0.1f) < 1e-6f);
    for (int i = 0; i < 9; ++i) optimizer.step(step(array<1>{1}).gradient);
    CHECK(std::abs(net.b()(0) + 1) < 1e-5f);
}

TEST_CASE("written state: adam in float with betas close to 1 moves by the rate, whatever they are") {
    for (auto const& [b1, b2] : {std::pair{0.9, 0.999},
                                 {0.9, 0.999999},
                                 {0.9, 0.9999999},
                                 {0.9, 0.99999999},
                                 {0.99999999, 0.999},
                                 {0.9999999999, 0.9999999999},
                                 {0.0, 0.0}}) {
        two net;
        net.a = array<1>{1};
        net.b = array<1>{1};
        pm::optim::adam optimizer{net, {.learning_rate = 1e-3, .beta1 = b1, .beta2 = b2}};
        pm::gradients<two> g;
        g.data(0)[0] = 1;
        g.data(1)[0] = -3;
        for (int n = 1; n <= 3; ++n) {
            optimizer.step(g);
            CHECK(std::abs(net.a()(0) - (1 - 1e-3f * float(n))) < 1e-6f);
            CHECK(std::abs(net.b()(0) - (1 + 1e-3f * float(n))) < 1e-6f);
        }
    }
}
