// State and mode: what training changes and inference leaves alone, whose it is, what it begins as, what an assignment
// makes of it, and who does not touch it.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/sgd.hpp"

namespace {

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;
using Catch::Matchers::ContainsSubstring;
using names = std::vector<std::string>;

// Adds how often it was trained with.
struct counting {
    template <class Shape>
    using state = pm::states<pm::state<"count", pm::shape<1>>>;
    static constexpr auto forward(auto x, auto count) { return pm::updated(x + count, count + 1.0); }
    static constexpr auto right_inverse(auto y, auto count) { return y - count; }
};
// Keeps what is assigned in the state and trains the difference from it.
struct from_base {
    static constexpr auto inverse = pm::grade::right;
    template <class Shape>
    using state = pm::states<pm::state<"base", Shape>>;
    static constexpr auto forward(auto x, auto base) { return x + base; }
    static constexpr auto right_inverse(auto y, auto) { return pm::updated(y - y, y); }
};
// Signs are kept as state, magnitudes are trained: weight decay cannot move the signs.
struct signed_magnitude {
    template <class Shape>
    using state = pm::states<pm::state<"signs", Shape>>;
    static constexpr auto initial_state(auto x, auto) { return pm::where(x < 0.0, -1.0, 1.0) * 1.0; }
    static constexpr auto forward(auto x, auto signs) { return x * x * signs + signs; }
    static constexpr auto right_inverse(auto y, auto) { return pm::updated(pm::sqrt(pm::abs(y) - 1.0), pm::sign(y)); }
};
struct noisy {  // begins as noise, as power iterations do
    template <class Shape>
    using state = pm::states<pm::state<"_u", pm::shape<2>>, pm::state<"_v", pm::shape<3>>>;
    static constexpr auto initial_state(auto, auto u, auto v) { return pm::originals(u * 2.0, v); }
    static constexpr auto forward(auto x, auto, auto) { return x; }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct noisy_in_rounds : noisy {
    static constexpr int initial_rounds = 3;
};
struct by_mode {
    template <pm::mode M>
    static constexpr auto forward(auto x) {
        return x * (M == pm::mode::training ? 3.0 : 1.0);
    }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct identity {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x; }
    static constexpr auto right_inverse(auto y) { return y; }
};

using counter = pm::nn::linear<2, 2, pm::weight<counting>, pm::no_bias>;
constexpr auto squared = [](auto& net, auto x, auto t) { return pm::mse(net(x), t); };
constexpr auto in_inference = [](auto& net, auto x, auto t) { return pm::mse(pm::inference(net)(x), t); };
constexpr auto twice = [](auto& net, auto x, auto t) { return pm::mse(net(x), t) + pm::mse(pm::inference(net)(x), t); };
constexpr auto refusing = [](auto& net, auto x, auto t) {
    return pm::mse(net(x), pm::require(t, t > 0.0, "the targets must be positive"));
};
array<2> const x{1, 2}, t{3, 4};

names buffers(auto& m) {
    names all;
    pm::for_each_buffer(m, [&](std::string const& name, auto const&) { all.push_back(name); });
    return all;
}

}  // namespace

TEST_CASE("state: moves in training, rests in inference", "[behaviour-30]") {
    counter net{pm::seed{1}};
    CHECK(net.weight.state()(0) == 0);
    auto const first = net(x);
    CHECK(net.weight.state()(0) == 0);  // arrays: inference
    CHECK((pm::training(net)(x) == first));
    CHECK(net.weight.state()(0) == 1);
    CHECK_FALSE((net(x) == first));
    CHECK((pm::inference(net)(x) == net(x)));
    CHECK(net.weight.state()(0) == 1);
    pm::training(net)(x);
    CHECK(net.weight.state()(0) == 2);

    auto step = pm::value_and_grad(squared, net);
    step(x, t);
    step(x, t);
    CHECK(net.weight.state()(0) == 4);
    auto still = pm::value_and_grad(in_inference, net);
    float const value = still(x, t).value;
    CHECK(net.weight.state()(0) == 4);
    CHECK(still(x, t).value == value);
    auto mixed = pm::value_and_grad(twice, net);
    CHECK(mixed(x, t).value == 2 * value);
    CHECK(net.weight.state()(0) == 5);
}

TEST_CASE("state: a program that fails changes none", "[behaviour-30]") {
    counter net{pm::seed{1}};
    auto step = pm::value_and_grad(refusing, net);
    CHECK_THROWS_WITH(step(x, array<2>{-1, 2}), ContainsSubstring("must be positive"));
    CHECK(net.weight.state()(0) == 0);
    step(x, t);
    CHECK(net.weight.state()(0) == 1);
}

TEST_CASE("state: every copy has its own", "[behaviour-32]") {
    counter a{pm::seed{1}};
    pm::training(a)(x);
    counter b = a;
    pm::training(b)(x);
    CHECK(a.weight.state()(0) == 1);
    CHECK(b.weight.state()(0) == 2);
    a = b;
    pm::training(b)(x);
    CHECK(a.weight.state()(0) == 2);
}

TEST_CASE("mode: a stage that acts differently in training", "[behaviour-30]") {
    pm::nn::linear<2, 2, pm::weight<by_mode>, pm::no_bias> net{pm::seed{1}};
    static_assert(decltype(net.weight)::traits::depends_on_mode);
    auto const y = net(x), z = pm::training(net)(x);
    CHECK(std::abs(z(0) - 3 * y(0)) < 1e-6f);
    CHECK((pm::inference(net)(x) == y));
    CHECK((pm::freeze(net)(x) == y));
    auto loss = [](auto& n, auto in) { return pm::sum(n(in)); };
    auto loss_inference = [](auto& n, auto in) { return pm::sum(pm::inference(n)(in)); };
    CHECK(std::abs(pm::value_and_grad(loss, net)(x).value - (z(0) + z(1))) < 1e-6f);
    CHECK(std::abs(pm::value_and_grad(loss_inference, net)(x).value - (y(0) + y(1))) < 1e-6f);
    auto trained = pm::value_and_grad(loss, net);
    CHECK(trained(x).gradient.data(0)[1] == 6);
}

TEST_CASE("state: right_inverse may store what is assigned", "[behaviour-15]") {
    pm::tensor<pm::shape<2>, pm::chain<from_base>> w;
    w = array<2>{5, 6};  // the first assignment fills the state, too
    CHECK((w() == array<2>{5, 6}));
    CHECK((w.state() == array<2>{5, 6}));
    CHECK((w.original() == array<2>{0, 0}));
    w.original() = array<2>{1, 1};
    CHECK((w() == array<2>{6, 7}));
    CHECK_THROWS_AS((w = array<2>{std::nanf(""), 0}), pm::error);
    CHECK((w.state() == array<2>{5, 6}));
    w = array<2>{-1, 0};
    CHECK((w.state() == array<2>{-1, 0}));
    CHECK((w.original() == array<2>{0, 0}));

    // One that reads its state sees zeros before there is any, and then what is there.
    pm::tensor<pm::shape<2>, pm::chain<counting>> c;
    c = array<2>{5, 6};
    CHECK((c.original() == array<2>{5, 6}));
    c.state()(0) = 2;
    c = array<2>{5, 6};
    CHECK((c.original() == array<2>{3, 4}));
    CHECK(c.state()(0) == 2);
}

TEST_CASE("state: what it begins as") {
    using layer = pm::nn::linear<3, 2, pm::weight<noisy>, pm::no_bias>;
    layer const a{pm::seed{1}}, again{pm::seed{1}}, b{pm::seed{2}};
    CHECK((a.weight.state<0, 0>() == again.weight.state<0, 0>()));
    CHECK_FALSE((a.weight.state<0, 0>() == b.weight.state<0, 0>()));
    CHECK_FALSE((a.weight.state<0, 1>() == b.weight.state<0, 1>()));
    CHECK((buffers(a) == names{"parametrizations.weight.0._u", "parametrizations.weight.0._v"}));
    layer filled;
    filled.weight = array<2, 3>{{1, 2, 3}, {4, 5, 6}};  // filled by an assignment: state begins, too
    CHECK((filled.weight.state<0, 0>()(0) != 0));
    CHECK((filled.weight.state<0, 0>().size() == 2 && filled.weight.state<0, 1>().size() == 3));
}

TEST_CASE("state: what it begins as in rounds, beside a stage that is asked once") {
    using once = pm::tensor<pm::shape<2, 3>, pm::chain<noisy, noisy>>;
    using in_rounds = pm::tensor<pm::shape<2, 3>, pm::chain<noisy, noisy_in_rounds>>;
    once a;
    in_rounds b;
    pm::random numbers{pm::seed{1}}, same{pm::seed{1}};
    a.initialize(numbers, 1);
    b.initialize(same, 1);
    CHECK((b.state<0, 0>() == a.state<0, 0>()));
    for (std::size_t k = 0; k < 2; ++k) CHECK(b.state<1, 0>()(k) == 4 * a.state<1, 0>()(k));
}

TEST_CASE("state: appending a stage and nesting keep that of the stages before", "[behaviour-c]") {
    counter net{pm::seed{1}};
    pm::training(net)(x);
    pm::training(net)(x);
    auto const kept = pm::register_parametrization<pm::weight<identity>>(net);
    CHECK(kept.weight.state<0>()(0) == 2);
    CHECK((kept.weight() == net.weight()));
    auto const left = pm::register_parametrization<pm::weight<counting>>(net, pm::leave_original);
    CHECK(left.weight.state<0>()(0) == 2);
    CHECK(left.weight.state<1>()(0) == 0);
    CHECK((left.weight.original() == net.weight.original()));
    auto const under = pm::register_parametrization<pm::at<"weight.original", identity>>(net);
    CHECK(under.weight.state<0>()(0) == 2);
    CHECK((under.weight() == net.weight()));
}

TEST_CASE("discrete state: no parameter, and no optimizer touches it", "[behaviour-h]") {
    using layer = pm::nn::linear<2, 2, pm::weight<signed_magnitude>, pm::no_bias>;
    static_assert(pm::parameter_count<layer> == 4);
    layer net{pm::seed{3}};
    net.weight = array<2, 2>{{2, -3}, {-1.5f, 4}};
    array<2, 2> const signs{{1, -1}, {-1, 1}};
    CHECK((net.weight.state() == signs));
    names parameters;
    pm::for_each_parameter(net, [&](std::string const& name, auto const&) { parameters.push_back(name); });
    CHECK((parameters == names{"parametrizations.weight.original"}));
    CHECK((buffers(net) == names{"parametrizations.weight.0.signs"}));
    auto step = pm::value_and_grad(squared, net);
    pm::optim::sgd sgd{net, {.learning_rate = 0.01, .weight_decay = 5}};
    pm::optim::adam adam{net, {.learning_rate = 0.1, .weight_decay = 5}};
    for (int n = 0; n < 20; ++n) {
        sgd.step(step(x, t).gradient);
        adam.step(step(x, t).gradient);
    }
    CHECK((net.weight.state() == signs));
    auto const w = net.weight();
    for (std::size_t i = 0; i < 4; ++i) CHECK(w.data()[i] * signs.data()[i] >= 1);  // the constraint holds
}
