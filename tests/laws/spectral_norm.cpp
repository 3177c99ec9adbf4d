// The laws of spectral_norm, and spectral_norm as a layer has it: state of the right sizes, moved in training and
// frozen in inference, removed, copied, under PyTorch's names.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/spectral_norm.hpp"
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"
#include "paramorph/testing/samples.hpp"

namespace pm = paramorph;
using pm::param::spectral_norm;
using layer = pm::nn::linear<3, 5, pm::weight<spectral_norm<>>>;
using array = xt::xtensor_fixed<float, xt::xshape<3>>;

namespace {

array const x{1, -2, 3};
std::vector<std::string> names_of(auto&& walk) {
    std::vector<std::string> names;
    walk([&](std::string const& name, auto const&) { names.push_back(name); });
    return names;
}

}  // namespace

TEST_CASE("laws: spectral_norm") {
    CHECK(pm::laws<spectral_norm<>, pm::shape<5, 9>>::check() == "");
    CHECK(pm::laws<spectral_norm<2, 1>, pm::shape<4, 3>>::check() == "");
    CHECK(pm::laws<spectral_norm<>, pm::shape<6>>::check() == "");
}

TEST_CASE("spectral_norm: its vectors are untrained state", "[behaviour-36]") {
    static_assert(pm::parameter_count<layer> == 15 + 5);
    layer net{pm::seed{1}};
    CHECK(net.weight.state<0, 0>().size() == 5);
    CHECK(net.weight.state<0, 1>().size() == 3);
    // For transposed convolutions the outputs run along axis 1.
    using transposed = pm::tensor<pm::shape<3, 5, 2>, pm::chain<spectral_norm<1, 1>>>;
    static_assert(std::is_same_v<transposed::traits::state_tensor<0>::shape_type, pm::shape<5>>);
    static_assert(std::is_same_v<transposed::traits::state_tensor<1>::shape_type, pm::shape<6>>);
}

TEST_CASE("spectral_norm: of a transposed convolution", "[behaviour-42]") {
    pm::tensor<pm::shape<2, 2, 2>, pm::chain<spectral_norm<1, 1>>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2, 2, 2>>{{{3, 0}, {0, 0}}, {{0, 0}, {0, 0}}} / 3.0f;
    CHECK(std::abs(w()(0, 0, 0) - 1) < 1e-6f);
}

TEST_CASE("spectral_norm: twice on weight, once on bias, and partly removed", "[behaviour-37]") {
    using both = pm::nn::linear<3, 5, pm::weight<spectral_norm<>, spectral_norm<>>, pm::bias<spectral_norm<>>>;
    static_assert(decltype(both::weight)::state_count == 4 && decltype(both::bias)::state_count == 0);
    both net{pm::seed{1}};
    auto const one = pm::remove_parametrizations<"bias">(net, pm::leave_parametrized);
    static_assert(pm::is_parametrized<"weight", std::remove_const_t<decltype(one)>>());
    static_assert(!pm::is_parametrized<"bias", std::remove_const_t<decltype(one)>>());
    CHECK((one.bias() == net.bias()));
    CHECK((one(x) == net(x)));
}

TEST_CASE("spectral_norm: the vectors move in training and are frozen in inference", "[behaviour-38]") {
    layer net{pm::seed{1}};
    auto const u = net.weight.state<0, 0>();
    net(x);
    CHECK((net.weight.state<0, 0>() == u));
    auto const trained = pm::training(net)(x);
    CHECK_FALSE((net.weight.state<0, 0>() == u));
    auto const inferred = pm::inference(net)(x);
    for (std::size_t k = 0; k < 5; ++k) CHECK(std::abs(inferred(k) - trained(k)) < 1e-5f);
}

TEST_CASE("spectral_norm: gradients through two forwards, and mixed modes", "[behaviour-39]") {
    auto const twice = [](auto& n, auto a) { return pm::sum(pm::square(n(a))) + pm::sum(pm::square(n(a * 2.0))); };
    auto const mixed = [](auto& n, auto a) { return pm::sum(pm::square(n(a))) + pm::sum(pm::inference(n)(a)); };
    using double_layer = pm::nn::linear<2, 2, pm::weight<spectral_norm<>>, pm::no_bias, pm::element_type<double>>;
    xt::xtensor_fixed<double, xt::xshape<2>> const a{1, -2};
    auto const check = [&](auto const& loss) {
        double_layer const start{pm::seed{3}};
        auto net = start;
        auto const gradient = pm::value_and_grad(loss, net)(a).gradient;
        for (std::size_t k = 0; k < 4; ++k) {
            auto const value = [&](double h) {
                auto moved = start;
                moved.weight.original().data()[k] += h;
                return pm::value_and_grad(loss, moved)(a).value;
            };
            double const slope = (value(1e-6) - value(-1e-6)) / 2e-6;
            // The vectors are constants of the gradient. After 15 steps they have converged, and their slope counts
            // little.
            CHECK(std::abs(slope - gradient.data(0)[k]) < 1e-4 * std::max(1.0, std::abs(slope)));
        }
    };
    check(twice);
    check(mixed);
}

TEST_CASE("spectral_norm: removal keeps the output of inference", "[behaviour-40]") {
    layer net{pm::seed{1}};
    pm::training(net)(x);
    auto const before = net(x);
    auto const removed = pm::remove_parametrizations<"weight">(net, pm::leave_parametrized);
    CHECK((removed(x) == before));
}

TEST_CASE("spectral_norm: PyTorch's names", "[behaviour-41]") {
    layer net{pm::seed{1}};
    CHECK((names_of([&](auto f) { pm::for_each_parameter(net, f); }) ==
           std::vector<std::string>{"parametrizations.weight.original", "bias"}));
    CHECK((names_of([&](auto f) { pm::for_each_buffer(net, f); }) ==
           std::vector<std::string>{"parametrizations.weight.0._u", "parametrizations.weight.0._v"}));
}

TEST_CASE("spectral_norm: diag(x) becomes diag(x / max |x|)", "[behaviour-44]") {
    pm::nn::linear<3, 3, pm::weight<spectral_norm<30>>, pm::no_bias> diagonal{pm::seed{1}};
    diagonal.weight.original() = xt::xtensor_fixed<float, xt::xshape<3, 3>>{{1, 0, 0}, {0, -4, 0}, {0, 0, 2}};
    pm::training(diagonal)(x);
    auto const y = diagonal.weight();
    CHECK(std::abs(y(0, 0) - 0.25f) < 1e-6f);
    CHECK(std::abs(y(1, 1) + 1) < 1e-6f);
    CHECK(std::abs(y(2, 2) - 0.5f) < 1e-6f);
}

TEST_CASE("spectral_norm: three training steps are a plain power iteration of six steps", "[behaviour-43]") {
    pm::nn::linear<3, 5, pm::weight<spectral_norm<2>>, pm::no_bias, pm::element_type<double>> net{pm::seed{4}};
    auto const w = net.weight.original();
    auto u = net.weight.state<0, 0>();
    auto v = net.weight.state<0, 1>();
    auto const divide_by_norm = [](auto& x) {
        double squares = 0;
        for (double const e : x) squares += e * e;
        for (double& e : x) e /= std::sqrt(squares);
    };
    auto const sigma = [&] {
        double sum = 0;
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = 0; j < 3; ++j) sum += u(i) * w(i, j) * v(j);
        return sum;
    };
    xt::xtensor_fixed<double, xt::xshape<3>> const a{1, -2, 3};
    for (int step = 0; step < 3; ++step) {
        auto const y = pm::training(net)(a);
        for (int k = 0; k < 2; ++k) {
            for (std::size_t i = 0; i < 5; ++i) {
                u(i) = 0;
                for (std::size_t j = 0; j < 3; ++j) u(i) += w(i, j) * v(j);
            }
            divide_by_norm(u);
            for (std::size_t j = 0; j < 3; ++j) {
                v(j) = 0;
                for (std::size_t i = 0; i < 5; ++i) v(j) += w(i, j) * u(i);
            }
            divide_by_norm(v);
        }
        for (std::size_t i = 0; i < 5; ++i) {
            double product = 0;
            for (std::size_t j = 0; j < 3; ++j) product += w(i, j) * a(j);
            CHECK(std::abs(y(i) - product / sigma()) < 1e-12);
            CHECK(std::abs(net.weight.state<0, 0>()(i) - u(i)) < 1e-12);
        }
        for (std::size_t j = 0; j < 3; ++j) CHECK(std::abs(net.weight.state<0, 1>()(j) - v(j)) < 1e-12);
    }
}

TEST_CASE("spectral_norm: no norm below eps is divided by") {
    pm::tensor<pm::shape<2>, pm::chain<spectral_norm<1, 0, std::ratio<1, 2>>>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2>>{0.6f, 0.8f};
    CHECK(std::abs(w()(1) - 0.8f) < 1e-6f);
    w.original() = xt::xtensor_fixed<float, xt::xshape<2>>{0.03f, 0.04f};
    CHECK(std::abs(w()(1) - 0.08f) < 1e-6f);
}

TEST_CASE("spectral_norm: a weight of zeros is zero, and a good one after it is normal") {
    using small = pm::nn::linear<2, 2, pm::weight<spectral_norm<>>, pm::no_bias>;
    using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    float const nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
    auto net = pm::make<small>(pm::seed{1});
    auto step = pm::value_and_grad([](auto& n, auto in) { return pm::sum(n(in)); }, net);
    xt::xtensor_fixed<float, xt::xshape<2>> const in{1, 2};
    for (matrix const& bad : {matrix{{0, 0}, {0, 0}}, matrix{{nan, 0}, {0, 1}}, matrix{{inf, 0}, {0, 1}},
                              matrix{{1e-42f, 0}, {0, 0}}, matrix{{3e38f, 3e38f}, {3e38f, 3e38f}}}) {
        net.weight.original() = bad;
        for (int k = 0; k < 3; ++k) step(in);
        auto const& u = net.weight.state<0, 0>();
        auto const& v = net.weight.state<0, 1>();
        CHECK(std::abs(u(0) * u(0) + u(1) * u(1) - 1) < 1e-5f);
        CHECK(std::abs(v(0) * v(0) + v(1) * v(1) - 1) < 1e-5f);
        if (bad(0, 0) == 0) CHECK((net.weight() == bad));
        net.weight.original() = matrix{{2, 0}, {0, 1}};
        for (int k = 0; k < 50; ++k) step(in);
        CHECK(std::abs(step(in).value - 2) < 1e-3f);
    }
    // Beyond the range of squares; with a vector that the weight takes to nothing; and from lost vectors.
    for (float const scale : {1e-11f, 1e20f, 1e37f}) {
        net.weight.original() = matrix{{2 * scale, 0}, {0, scale}};
        for (int k = 0; k < 50; ++k) step(in);
        CHECK(std::abs(net.weight()(0, 0) - 1) < 1e-3f);
        CHECK(std::abs(net.weight()(1, 1) - 0.5f) < 1e-3f);
    }
    for (float const e : {0.0f, nan, 1.0f}) {
        net.weight.original() = matrix{{2, 0}, {0, 0}};
        net.weight.state<0, 1>() = xt::xtensor_fixed<float, xt::xshape<2>>{0, e};
        for (int k = 0; k < 3; ++k) step(in);
        CHECK(std::abs(net.weight()(0, 0) - 1) < 1e-3f);
    }
}

TEST_CASE("spectral_norm: a filled layer takes a matrix of spectral norm 1 as an empty one does") {
    using matrix = xt::xtensor_fixed<float, xt::xshape<4, 4>>;
    for (float const second : {0.5f, 0.9f, 0.99f, 0.999f, 1.0f})
        for (float const sign : {1.0f, -1.0f}) {
            matrix const d{{sign * 0.1f, 0, 0, 0}, {0, sign * second, 0, 0}, {0, 0, sign, 0}, {0, 0, 0, sign * 0.5f}};
            pm::tensor<pm::shape<4, 4>, pm::chain<spectral_norm<>>> empty;
            empty = d;
            // Of several stages, the state of the others stays.
            pm::nn::linear<4, 4, pm::weight<pm::param::mask, spectral_norm<>>, pm::no_bias> net{pm::seed{1}};
            net.weight.state<0>()(0, 1) = 0;
            net.weight = d;
            CHECK(std::abs(net.weight()(2, 2) - sign) < 1e-4f);
            pm::nn::linear<4, 4, pm::weight<spectral_norm<>>, pm::no_bias> filled{pm::seed{2}};
            filled.weight = d;
            CHECK((filled.weight() == empty()));
            CHECK(net.weight.state<0>()(0, 1) == 0);
            net.weight.project(d * 3.0f);
            CHECK(std::abs(net.weight()(2, 2) - sign) < 1e-2f);
            CHECK_FALSE(net.weight.try_assign(d * 3.0f).ok());
        }
}

// Numbers of any size: value, state and gradient to a few epsilon of those in double.
template <class P, class Shape, pm::mode M>
void check_sizes() {
    using value = pm::program::value_of<P, Shape, float, M>;
    using gradient = pm::program::gradient_of<P, Shape, float, M>;
    using sampler = pm::testing::sampler<pm::tensor<Shape, pm::chain<P>, float>>;
    pm::random source{5};
    auto const at_one = sampler::draw_leaves(source, 3);
    for (double const size :
         {1e-45, 1e-42, 1e-38, 1e-30, 1e-20, 1e-13, 1e-12, 1.0, 1e12, 1e13, 1e20, 1e30, 1e37, 3.4e38}) {
        auto leaves = at_one;
        double largest = 0;
        for (double const e : leaves[0]) largest = std::fmax(largest, std::abs(e));
        for (double& e : leaves[0]) e = static_cast<float>(e / largest * size);
        auto const with_cotangent = [&] {
            pm::random numbers{9};
            auto a = leaves;
            a.push_back(pm::testing::drawn(numbers, Shape::size));
            for (double& e : a.back()) e = static_cast<float>(e);
            return a;
        }();
        INFO("weights of " << size);
        auto const compare = [&](auto const& found, auto const& right, double least) {
            REQUIRE(found.status.ok());
            for (std::size_t k = 0; k < right.outputs.size(); ++k) {
                double most = 0, worst = 0;
                for (std::size_t i = 0; i < right.outputs[k].size(); ++i) {
                    double const d = std::abs(found.outputs[k][i] - right.outputs[k][i]);
                    most = std::fmax(most, std::abs(right.outputs[k][i]));
                    if (d > worst || d != d) worst = d;
                }
                CHECK(worst <= 1e-5 * most + least);
            }
        };
        auto const v = pm::testing::interpret(pm::testing::simplified<value>(), leaves),
                   g = pm::testing::interpret(pm::testing::simplified<gradient>(), with_cotangent);
        compare(pm::testing::run_kernel<value, pm::simd::best<float>>(leaves), v, 1e-44);
        compare(pm::testing::run_kernel<gradient, pm::simd::best<float>>(with_cotangent), g, 1e-44);
        if constexpr (M == pm::mode::training)
            compare(pm::testing::run_kernel<gradient, float>(with_cotangent), g, 1e-44);
    }
}

TEST_CASE("spectral_norm: weights of any size, value, vectors and gradient") {
    check_sizes<spectral_norm<>, pm::shape<5, 7>, pm::mode::training>();
    check_sizes<spectral_norm<>, pm::shape<5, 7>, pm::mode::inference>();
    check_sizes<spectral_norm<>, pm::shape<9>, pm::mode::inference>();
}
