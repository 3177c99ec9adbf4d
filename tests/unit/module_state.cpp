// Mode and state of modules: what a forward's pm::updated moves, how often, in which order and where, and what does not
// touch it.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/nn/function.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/positive.hpp"

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;
using Catch::Matchers::ContainsSubstring;
using names = std::vector<std::string>;

// Adds how often it was trained with.
struct counting {
    pm::buffer<pm::shape<2>> count{pm::full(3)};
    constexpr auto forward(auto x) const { return pm::updated(x + count, count = count + 1.0); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(counting, count);
// Uses it twice.
struct twice {
    counting inner;
    pm::tensor<pm::shape<2>> gain{pm::full(1)};
    constexpr auto forward(auto x) const {
        auto const y = inner(x);
        return inner(y * 10.0) * gain;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(twice, inner, gain);
// Two buffers change places, beside one that stays and is given to one of several inputs.
struct swapping {
    pm::buffer<pm::shape<2>> a, b{pm::full(1)}, still{pm::full(5)};
    constexpr auto forward(auto x, auto y) const { return pm::updated(std::tuple{x + a, y * still}, a = b, b = a); }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
BOOST_HANA_ADAPT_STRUCT(swapping, a, b, still);
// Acts by mode, without a tensor.
struct by_mode {
    template <pm::mode M>
    constexpr auto forward(auto x) const {
        if constexpr (M == pm::mode::training)
            return x * 3.0;
        else
            return x + 1.0;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Moves towards what it is given, in training; has a weight that can be parametrized.
struct following {
    using input_shape = pm::shape<2>;
    pm::tensor<pm::shape<2>> gain{pm::full(2)};
    pm::buffer<pm::shape<2>> last;
    by_mode mode;
    template <pm::mode M>
    constexpr auto forward(auto x) const {
        auto const y = mode(x) * gain + last;
        if constexpr (M == pm::mode::training)
            return pm::updated(y, last = pm::require(x, x > 0.0, "the inputs must be positive"));
        else
            return y;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, gain, last);

namespace {

constexpr auto total = [](auto& net, auto x) { return pm::sum(net(x)); };
constexpr auto in_inference = [](auto& net, auto x) { return pm::sum(pm::inference(net)(x)); };
array<2> const x{1, 2};

}  // namespace

TEST_CASE("module state: moves once for each use, in order") {
    auto net = pm::make<twice>(pm::seed{0});
    auto& count = net.inner.count;
    CHECK((net(x) == array<2>{43, 53}));  // arrays: inference, 3 both times
    CHECK((count() == array<2>{3, 3}));
    CHECK((pm::training(net)(x) == array<2>{44, 54}));  // 3, then 4
    CHECK((count() == array<2>{5, 5}));
    auto step = pm::value_and_grad(total, net);
    auto& [value, gradient] = step(x);
    CHECK(value == 66 + 76);  // 5, then 6
    CHECK((gradient.at<"gain">() == array<2>{66, 76}));
    CHECK((count() == array<2>{7, 7}));
    step(x);
    CHECK((count() == array<2>{9, 9}));
    count.original() = array<2>{0, 1};
    step(x);
    CHECK((count() == array<2>{2, 3}));
}

TEST_CASE("module state: what is traced later reads what was moved, inference too") {
    auto net = pm::make<twice>(pm::seed{0});
    auto mixed = pm::value_and_grad(
        [](auto& n, auto in) {
            auto const before = pm::inference(n.inner)(in * 0.0), moves = n.inner(in * 0.0);
            auto const after = pm::inference(n.inner)(in * 0.0);
            return pm::sum(before + moves * 100.0 + after * 10000.0) * 0.5;
        },
        net);
    CHECK(mixed(x).value == 3 + 300 + 40000);
    CHECK((net.inner.count() == array<2>{4, 4}));
    auto const& still = net;  // a loss that only infers takes a const network, too
    CHECK(pm::value_and_grad(in_inference, still)(x).value == 54 + 64);
    CHECK((net.inner.count() == array<2>{4, 4}));
}

TEST_CASE("module state: buffers become what they are given together, and results may be several") {
    auto net = pm::make<swapping>(pm::seed{0});
    auto const [y, z] = pm::training(net)(x, x);
    CHECK((y == x && z == array<2>{5, 10}));
    CHECK((net.a() == array<2>{1, 1} && net.b() == array<2>{0, 0} && net.still() == array<2>{5, 5}));
    auto const [again, same] = net(x, x);
    CHECK((again == array<2>{2, 3} && same == z));
    CHECK((net.a() == array<2>{1, 1}));
}

TEST_CASE("module state: constants in inference, cached, frozen, and in functions") {
    auto net = pm::make<following>(pm::seed{0});
    net.last = array<2>{1, -1};
    array<2> const expected{5, 5}, in_training{7, 11};
    CHECK((net(x) == expected));
    CHECK((pm::inference(net)(x) == expected));
    CHECK((pm::freeze(net)(x) == expected));
    CHECK((pm::function([](auto& n, auto in) { return n(in); }, net)(x) == expected));
    auto const fast = pm::cached(net);
    CHECK((fast(x) == expected));
    CHECK((net.last() == array<2>{1, -1}));
    CHECK((pm::training(net)(x) == in_training));
    CHECK((net.last() == x));
    CHECK_THROWS_WITH(fast(x), ContainsSubstring("the network was written since"));
}

TEST_CASE("module state: a program that fails moves nothing") {
    auto net = pm::make<following>(pm::seed{0});
    auto step = pm::value_and_grad(total, net);
    CHECK_THROWS_WITH(step(array<2>{1, -1}), ContainsSubstring("must be positive"));
    CHECK_THROWS_WITH(pm::training(net)(array<2>{0, 1}), ContainsSubstring("must be positive"));
    CHECK((net.last() == array<2>{0, 0}));
    step(x);
    CHECK((net.last() == x));
}

TEST_CASE("module state: is no parameter, has no gradient, and no optimizer moves it") {
    auto net = pm::make<following>(pm::seed{0});
    static_assert(pm::parameter_count<following> == 2);
    names parameters, buffers, gradients;
    auto step = pm::value_and_grad(total, net);
    pm::for_each_parameter(net, [&](std::string const& name, auto const&) { parameters.push_back(name); });
    pm::for_each_buffer(net, [&](std::string const& name, auto const&) { buffers.push_back(name); });
    pm::for_each_gradient(step(x).gradient, [&](std::string const& name, auto const&) { gradients.push_back(name); });
    CHECK((parameters == names{"gain"} && gradients == parameters && buffers == names{"last"}));
    pm::optim::sgd sgd{net, {.learning_rate = 0.5, .momentum = 0.9, .weight_decay = 1}};
    pm::optim::adam adam{net, {.learning_rate = 0.5, .weight_decay = 1}};
    for (int n = 0; n < 3; ++n) {
        auto const& gradient = step(x).gradient;
        sgd.step(gradient);
        adam.step(gradient);
    }
    CHECK((pm::get<"last">(net)() == x));
    CHECK_FALSE((net.gain() == array<2>{2, 2}));
    following copy = net;
    pm::training(copy)(array<2>{8, 9});
    CHECK((net.last() == x && copy.last() == array<2>{8, 9}));
}

TEST_CASE("module state: beside parametrized tensors of the same struct") {
    using constrained = pm::parametrize<following, pm::at<"gain", pm::param::positive>>;
    auto net = pm::make<constrained>(pm::seed{0});
    pm::get<"gain">(net) = array<2>{2, 2};
    auto step = pm::value_and_grad(total, net);
    CHECK(std::abs(step(x).value - 18) < 1e-5f);
    CHECK((pm::get<"last">(net)() == x));
    CHECK(std::abs(step(x).value - 21) < 1e-5f);
    CHECK((xt::allclose(net(x), array<2>{5, 8})));
}

TEST_CASE("module mode: of a module without tensors, and of no network") {
    pm::nn::sequential<by_mode, by_mode> net;
    CHECK((net(x) == array<2>{3, 4}));
    CHECK((pm::training(net)(x) == array<2>{9, 18}));
    CHECK(pm::function([](auto in) { return pm::sum(by_mode{}(in)); })(x) == 5);
    auto step = pm::value_and_grad(
        [](auto& n, auto in) { return pm::sum(n(in)) + 100.0 * pm::sum(pm::inference(n)(in)); }, net);
    CHECK(step(x).value == 27 + 700);
}
