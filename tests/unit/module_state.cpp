// Mode and state of modules: what a forward's pm::updated moves, how often, in which order and where, and what does not
// touch it; batch_norm with PyTorch's numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <xtensor/xview.hpp>

#include "paramorph/nn/batch_norm.hpp"
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
    // ROWS
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

// torch.nn.BatchNorm1d(3) in float64, weight {1.5, -0.5, 2}, bias {0.1, 0.2, -0.3}: three steps of SGD with rate 0.1 on
// mse(bn(x + shift), t), then one on mse(bn(x + shift), t) + mse(bn(x * x), t).
namespace {

template <std::size_t... E>
using doubles = xt::xtensor_fixed<double, xt::xshape<E...>>;

}  // namespace
struct shifted {
    pm::tensor<pm::shape<5, 3>, pm::chain<>, double> shift{pm::full(0)};
    pm::nn::batch_norm<3, pm::element_type<double>> bn;
    constexpr auto forward(auto in) const { return bn(in + shift); }
    constexpr auto operator()(auto const& in) const { return pm::call(*this, in); }
};
BOOST_HANA_ADAPT_STRUCT(shifted, shift, bn);
namespace {

doubles<5, 3> rows(int k) {
    doubles<5, 3> a;
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < 3; ++j) a(i, j) = (7 * i + 3 * j + 5 * k) % 11 * 0.25 - 1;
    return a;
}
doubles<5, 3> targets() {
    doubles<5, 3> a;
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < 3; ++j) a(i, j) = (3 * i + 5 * j) % 7 * 0.5 - 1;
    return a;
}
bool near(auto const& a, auto const& b) {
    return xt::allclose(a, b, 1e-13, 1e-13);
}

}  // namespace

TEST_CASE("batch_norm: values, gradients and running statistics are PyTorch's") {
    auto net = pm::make<shifted>(pm::seed{0});
    CHECK((net.bn.weight() == doubles<3>{1, 1, 1} && net.bn.running_var() == doubles<3>{1, 1, 1}));
    CHECK((net.bn.bias() == doubles<3>{0, 0, 0} && net.bn.running_mean() == doubles<3>{0, 0, 0}));
    net.bn.weight = doubles<3>{1.5, -0.5, 2};
    net.bn.bias = doubles<3>{0.1, 0.2, -0.3};
    auto step = pm::value_and_grad([](auto& n, auto in, auto t) { return pm::mse(n(in), t); }, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.1}};
    double const losses[]{3.5448339567844958, 2.4801617126039153, 3.9262675720377826};
    doubles<3> const of_weight[]{{0.8872328720239241, -0.291164635255323, 1.4308491188672736},
                                 {0.884497896211143, -0.2098996939011486, 0.9160417693989804},
                                 {1.5605377866594003, -0.24562651502919194, 1.2286193017061182}};
    doubles<3> const of_bias[]{{-0.33333333333333337, -0.06666666666666671, -0.6666666666666665},
                               {-0.3111111111111111, -0.06222222222222219, -0.6222222222222221},
                               {-0.2903703703703704, -0.05807407407407404, -0.5807407407407408}};
    doubles<5, 3> const of_shift{{0.31341823587787626, 0.09613191278526519, 0.04780883581445993},
                                 {0.044040362877000916, -0.06071449998567257, -0.4338332188895239},
                                 {-0.3519111357619781, 0.059028710762012555, 0.17679829351180426},
                                 {0.19520201782303986, -0.11637163230036508, -0.30484376119217943},
                                 {-0.20074948081593896, 0.021925508738759928, 0.5140698507554387}};
    for (int k = 0; k < 3; ++k) {
        auto const& [value, gradient] = step(rows(k), targets());
        CHECK(std::abs(value - losses[k]) < 1e-13);
        CHECK(near(gradient.at<"bn.weight">(), of_weight[k]));
        CHECK(near(gradient.at<"bn.bias">(), of_bias[k]));
        if (k == 0) CHECK(near(gradient.at<"shift">(), of_shift));
        optimizer.step(gradient);
    }
    CHECK(near(net.bn.running_mean(), doubles<3>{0.07529999999999999, 0.07450000000000001, 0.029150000000000002}));
    CHECK(near(net.bn.running_var(), doubles<3>{0.9175915704713289, 0.9289007132844167, 0.9318560078515878}));
    CHECK(near(net.bn.weight(), doubles<3>{1.1667731445105534, -0.4253309155814336, 1.6424489810027627}));

    doubles<5, 3> const y = net(rows(3));  // inference: the running statistics
    CHECK(near(xt::view(y, 1), doubles<3>{-1.1307476575912232, 0.35373499438749006, 0.8801754501651947}));
    CHECK((pm::freeze(net)(rows(3)) == y));

    auto both = pm::value_and_grad(
        [](auto& n, auto in, auto t) {
            auto const first = pm::mse(n(in), t);
            return first + pm::mse(n.bn(in * in), t);
        },
        net);
    CHECK(std::abs(both(rows(0), targets()).value - 6.148463860789519) < 1e-13);
    CHECK(near(net.bn.running_mean(), doubles<3>{0.170493, 0.19284500000000004, 0.09086150000000001}));
    CHECK(near(net.bn.running_var(), doubles<3>{0.904463426526427, 0.9181144567378694, 0.8495637464350446}));
}

TEST_CASE("batch_norm: far from zero, and a column of equal numbers") {
    pm::nn::batch_norm<3, pm::element_type<double>> layer{pm::seed{0}};
    doubles<5, 3> far = rows(1);
    far = far * 1e-2 + 100;
    doubles<5, 3> const y = pm::training(layer)(far);
    CHECK(
        xt::allclose(xt::view(y, 2), doubles<3>{1.4026687687406703, -1.4026687687398744, -0.6018932206811574}, 1e-10));
    CHECK(near(layer.running_var(), doubles<3>{0.9000064375, 0.9000064375, 0.9000091875}));
    pm::nn::batch_norm<3, pm::element_type<double>> fresh{pm::seed{0}};
    doubles<5, 3> equal;
    equal.fill(2.5);
    doubles<5, 3> const zeros = pm::training(fresh)(equal);
    CHECK(xt::allclose(zeros, xt::zeros<double>({5, 3}), 0, 1e-12));
    CHECK(near(fresh.running_var(), doubles<3>{0.9, 0.9, 0.9}));
    CHECK(near(fresh.running_mean(), doubles<3>{0.25, 0.25, 0.25}));
}

TEST_CASE("batch_norm: in a network, with batches known at run time") {
    using model = pm::nn::sequential<pm::nn::linear<3, 2>, pm::nn::batch_norm<2>>;
    auto net = pm::make<model>(pm::seed{1});
    names all;
    pm::for_each_parameter(net, [&](std::string const& name, auto const&) { all.push_back(name); });
    pm::for_each_buffer(net, [&](std::string const& name, auto const&) { all.push_back(name); });
    CHECK((all == names{"0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"}));
    pm::get<"1.running_mean">(net) = array<2>{1, 2};
    pm::get<"1.running_var">(net) = array<2>{4, 9};
    pm::get<"0.weight">(net) = array<2, 3>{{1, 0, 0}, {0, 1, 1}};
    pm::get<"0.bias">(net) = array<2>{0, 0};
    auto batch = xt::xtensor<float, 2>::from_shape({35, 3});
    for (std::size_t i = 0; i < batch.size(); ++i) batch.data()[i] = static_cast<float>(i % 7);
    auto const frozen = pm::freeze(net);
    xt::xtensor<float, 2> const y = net(batch), z = frozen(batch);
    for (std::size_t i = 0; i < 35; ++i) {
        CHECK(std::abs(y(i, 0) - (batch(i, 0) - 1) / 2) < 1e-5f);
        CHECK(std::abs(y(i, 1) - (batch(i, 1) + batch(i, 2) - 2) / 3) < 1e-5f);
    }
    CHECK((y == z));
    array<3> const row{3, 4, 5};
    CHECK(std::abs(net(row)(0) - 1) < 1e-5f);
}
