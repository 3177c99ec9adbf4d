// batch_norm: PyTorch's values, gradients and running statistics, and what it is in inference.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <cmath>
#include <limits>

#include <xtensor/xview.hpp>

#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/optim/sgd.hpp"

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;
using names = std::vector<std::string>;

// torch.nn.BatchNorm1d(3) in float64, weight {1.5, -0.5, 2}, bias {0.1, 0.2, -0.3}: three steps of SGD with rate 0.1 on
// mse(bn(x + shift), t), then one on mse(bn(x + shift), t) + mse(bn(x * x), t).
template <std::size_t... E>
using doubles = xt::xtensor_fixed<double, xt::xshape<E...>>;
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

TEST_CASE("batch_norm: channels of sequences and images, its options") {
    // [batch, channels, height, width] is as many rows as there are places.
    using layer = pm::nn::batch_norm<3, pm::epsilon<0.25>, pm::momentum<0.3>, pm::element_type<double>>;
    layer rows_of{pm::seed{0}}, images{pm::seed{0}};
    pm::nn::batch_norm<3, pm::element_type<double>, pm::no_affine, pm::momentum<1>> sequences{pm::seed{0}};
    static_assert(pm::parameter_count<decltype(rows_of)> == 6 && pm::parameter_count<decltype(sequences)> == 0);
    for (layer* one : {&rows_of, &images}) {
        one->weight = doubles<3>{1.5, -0.5, 2};
        one->bias = doubles<3>{0.1, 0.2, -0.3};
    }
    doubles<2, 3, 2, 2> x;
    doubles<2, 3, 4> sequence;
    doubles<8, 3> flat;
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t k = 0; k < 4; ++k)
                x(n, c, k / 2, k % 2) = sequence(n, c, k) = flat(4 * n + k, c) =
                    double((7 * n + 5 * c + 3 * k * k) % 11) * 0.5 - double(c);
    auto const agree = [&](auto const& y, auto const& z) {
        double worst = 0;
        for (std::size_t n = 0; n < 2; ++n)
            for (std::size_t c = 0; c < 3; ++c)
                for (std::size_t k = 0; k < 4; ++k)
                    if (auto const d = std::abs(y.data()[(3 * n + c) * 4 + k] - z(4 * n + k, c)); d > worst || d != d)
                        worst = d;
        return worst < 1e-13;
    };
    CHECK(agree(pm::training(images)(x), pm::training(rows_of)(flat)));
    CHECK(near(images.running_mean(), rows_of.running_mean()));
    CHECK(near(images.running_var(), rows_of.running_var()));
    double mean = 0, square = 0;  // of the last channel
    for (std::size_t i = 0; i < 8; ++i) mean += flat(i, 2) / 8, square += flat(i, 2) * flat(i, 2) / 8;
    double const variance = square - mean * mean;
    CHECK(std::abs(images.running_mean()(2) - 0.3 * mean) < 1e-13);
    CHECK(std::abs(images.running_var()(2) - (0.7 + 0.3 * variance * 8 / 7)) < 1e-13);
    CHECK(agree(images(x), rows_of(flat)));  // inference
    auto const y = pm::training(sequences)(sequence);
    CHECK(std::abs(y(1, 2, 3) - (sequence(1, 2, 3) - mean) / std::sqrt(variance + 1e-5)) < 1e-13);
    CHECK(std::abs(sequences.running_var()(2) - variance * 8 / 7) < 1e-13);
    CHECK(std::abs(sequences(sequence)(1, 2, 3) - (sequence(1, 2, 3) - mean) / std::sqrt(variance * 8 / 7 + 1e-5)) <
          1e-13);
}

// A batch that is trained, behind a layer.
template <class T>
struct trained_batch {
    using batch = pm::tensor<pm::shape<3, 2, 3>, pm::chain<>, T>;
    using layer = pm::nn::batch_norm<2, pm::epsilon<0>, pm::no_affine, pm::element_type<T>>;
    BOOST_HANA_DEFINE_STRUCT(trained_batch, (batch, x), (layer, bn));
    constexpr auto forward(auto c) const { return bn(x) * c; }
};

// torch.nn.BatchNorm1d(2, momentum=None): the averages of three batches, a batch between them that is not finite.
TEST_CASE("batch_norm: a cumulative momentum averages all batches") {
    using layer = pm::nn::batch_norm<2, pm::momentum<pm::cumulative>, pm::element_type<double>>;
    static_assert(pm::parameter_count<layer> == 4);
    auto bn = pm::make<layer>(pm::seed{0});
    CHECK(bn.num_batches_tracked()() == 0);
    doubles<3, 2> const batches[]{{{1, -2}, {3, 0}, {5, 2}}, {{0, 1}, {0, 1}, {3, 4}}, {{10, 0}, {10, 0}, {10, 3}}};
    doubles<2> const means[]{{3, 0}, {2, 1}, {14 / 3.0, 1}}, variances[]{{4, 4}, {3.5, 3.5}, {7 / 3.0, 10 / 3.0}};
    double const infinite = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < 3; ++k) {
        auto const y = pm::training(bn)(batches[k]);
        CHECK(std::abs(y(0, 0) + y(1, 0) + y(2, 0)) < 1e-12);
        CHECK(near(bn.running_mean(), means[k]));
        CHECK(near(bn.running_var(), variances[k]));
        (void)pm::training(bn)(doubles<3, 2>{{1, infinite}, {2, 3}, {4, 5}});
        CHECK((near(bn.running_mean(), means[k]) && near(bn.running_var(), variances[k])));
        CHECK(bn.num_batches_tracked()() == double(k + 1));
    }
    auto const y = bn(doubles<1, 2>{{14 / 3.0 + 1, 1}});
    CHECK(std::abs(y(0, 0) - 1 / std::sqrt(7 / 3.0 + 1e-5)) < 1e-14);
    CHECK(y(0, 1) == 0);
    // Without weight and bias, in float; two uses in one step are two batches.
    using bare = pm::nn::batch_norm<2, pm::momentum<pm::cumulative>, pm::no_affine>;
    auto plain = pm::make<bare>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto a, auto b) { return pm::sum(n(a) + n(b)); }, plain);
    (void)step(array<2, 2>{{0, 2}, {2, 4}}, array<2, 2>{{4, 0}, {6, 0}});
    CHECK((plain.running_mean() == array<2>{3, 1.5f} && plain.running_var() == array<2>{2, 1}));
    CHECK(plain.num_batches_tracked()() == 2);
}

TEST_CASE("batch_norm: channels whose squares do not fit, and channels of equal numbers") {
    doubles<3, 2, 3> in, c;
    for (std::size_t k = 0; k < in.size(); ++k) {
        in.data()[k] = static_cast<double>((7 * k + 3) % 11) - 4;
        c.data()[k] = static_cast<double>((5 * k) % 13) - 6;
    }
    auto const weighted = [](auto& n, auto factors) { return pm::sum(n.forward(factors)); };
    auto exact = pm::make<trained_batch<double>>(pm::seed{0});
    exact.x = in;
    auto exact_step = pm::value_and_grad(weighted, exact);
    auto const& right = exact_step(c);
    for (double const scale : {1.0, 0x1p-120, 0x1p-80, 0x1p80, 0x1p120}) {
        auto net = pm::make<trained_batch<float>>(pm::seed{0});
        net.x = array<3, 2, 3>(in * scale);
        auto step = pm::value_and_grad(weighted, net);
        auto const& got = step(array<3, 2, 3>(c));
        CHECK(std::abs(double(got.value) / right.value - 1) < 1e-6);
        for (std::size_t k = 0; k < in.size(); ++k)
            CHECK(std::abs(double(got.gradient.flat()[k]) * scale - right.gradient.flat()[k]) < 1e-5);
        // As PyTorch's, where the variance fits.
        bool const fits = std::abs(std::log2(scale)) < 60;
        CHECK(std::abs(net.bn.running_var()(0) - (fits ? exact.bn.running_var()(0) : scale < 1 ? 0.9 : 1)) < 1e-6);
        net.x = array<3, 2, 3>(xt::ones<float>({3, 2, 3}) * (0.1 * scale));
        for (float const y : net.x()) REQUIRE(y != 0);
        CHECK(step(array<3, 2, 3>(c)).value == 0);
    }
}

TEST_CASE("batch_norm: running statistics that cannot be are those of the next batch") {
    array<3, 2> const batch{{1, 4}, {2, 5}, {3, 6}};
    float const infinite = std::numeric_limits<float>::infinity(), none = std::numeric_limits<float>::quiet_NaN();
    for (float const bad : {none, infinite, -infinite, -1.f}) {
        pm::nn::batch_norm<2> layer{pm::seed{0}};
        layer.running_var.original()(0) = bad;
        layer.running_mean.original()(1) = std::isfinite(bad) ? none : bad;
        pm::training(layer)(batch);
        CHECK(xt::allclose(layer.running_var(), array<2>{1, 1}));
        CHECK(xt::allclose(layer.running_mean(), array<2>{0.2f, 5}));
        using cumulative = pm::nn::batch_norm<2, pm::momentum<pm::cumulative>>;
        cumulative counting{pm::seed{0}};
        counting.num_batches_tracked.original()() = bad;
        pm::training(counting)(batch);
        CHECK(counting.num_batches_tracked()() == 1);
        CHECK(xt::allclose(counting.running_mean(), array<2>{2, 5}));
    }
}

TEST_CASE("batch_norm: a batch that is not finite leaves the running statistics as they were") {
    pm::nn::batch_norm<2> layer{pm::seed{0}};
    array<3, 2> batch{{1, 4}, {2, 5}, {3, 6}};
    pm::training(layer)(batch);
    auto const mean = layer.running_mean(), variance = layer.running_var();
    for (float const bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        batch(1, 1) = bad;
        array<3, 2> const y = pm::training(layer)(batch);
        CHECK((std::isnan(y(0, 1)) && std::isfinite(y(0, 0))));
        CHECK((layer.running_mean()(1) == mean(1) && layer.running_var()(1) == variance(1)));
        CHECK(layer.running_mean()(0) > mean(0));
    }
}
