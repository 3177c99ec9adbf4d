// The elementwise operations: value against libm, derivative against finite differences, interpreter against scalar and
// SIMD kernel at shapes around the vector widths, and the edges that their headers document.
//
// SPDX-License-Identifier: BSL-1.0
#include "../pointwise.hpp"

#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/round.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/where.hpp"

namespace {

using test::at, test::expect_value, test::row, test::slope_at;
double const infinity = test::infinity, not_a_number = test::not_a_number;

constexpr auto add_of = [](auto x) { return x + 0.25; };
constexpr auto subtract_of = [](auto x) { return 0.25 - x; };
constexpr auto multiply_of = [](auto x) { return x * 3.0; };
constexpr auto divide_of = [](auto x) { return 3.0 / x; };
constexpr auto negate_of = [](auto x) { return -x; };
constexpr auto square_of = [](auto x) { return pm::square(x); };
constexpr auto exp_of = [](auto x) { return pm::exp(x); };
constexpr auto expm1_of = [](auto x) { return pm::expm1(x); };
constexpr auto log_of = [](auto x) { return pm::log(x); };
constexpr auto sqrt_of = [](auto x) { return pm::sqrt(x); };
constexpr auto tanh_of = [](auto x) { return pm::tanh(x); };
constexpr auto sigmoid_of = [](auto x) { return pm::sigmoid(x); };
constexpr auto scaled_sigmoid_of = [](auto x) { return pm::sigmoid(x * -1.75); };
constexpr auto softplus_of = [](auto x) { return pm::softplus(x); };
constexpr auto relu_of = [](auto x) { return pm::relu(x); };
constexpr auto abs_of = [](auto x) { return pm::abs(x); };
constexpr auto round_of = [](auto x) { return pm::round(x); };
constexpr auto sign_of = [](auto x) { return pm::sign(x); };

}  // namespace

TEST_CASE("op: add, subtract, multiply, divide, negate and square") {
    expect_value(add_of, [](double x) { return x + 0.25; }, false, 0);
    expect_value(subtract_of, [](double x) { return 0.25 - x; }, false, 0);
    expect_value(multiply_of, [](double x) { return x * 3; }, false, 0);
    expect_value(divide_of, [](double x) { return 3 / x; }, false, 0);
    expect_value(negate_of, [](double x) { return -x; }, false, 0);
    expect_value(square_of, [](double x) { return x * x; }, false, 0);
    test::expect_gradient<row, row>(
        [](auto x, auto y) { return std::tuple{x + y, x - y, x * y, x / y, -x, pm::square(y)}; }, 0.5, 2);
    CHECK(at(divide_of, 0) == infinity);
}

TEST_CASE("op: exp") {
    expect_value(exp_of, [](double x) { return std::exp(x); });
    test::expect_gradient<row>(exp_of);
    CHECK(at(exp_of, 0) == 1);
    CHECK(at(exp_of, -infinity) == 0);
    CHECK(at(exp_of, 1000) == infinity);
    CHECK(std::isnan(at(exp_of, not_a_number)));
}

TEST_CASE("op: expm1") {
    expect_value(expm1_of, [](double x) { return std::expm1(x); });
    CHECK(at(expm1_of, 1e-12) == std::expm1(1e-12));
    CHECK(at(expm1_of, -infinity) == -1);
    test::expect_gradient<row>(expm1_of);
}

TEST_CASE("op: log") {
    expect_value(log_of, [](double x) { return std::log(x); }, true);
    test::expect_gradient<row>(log_of, 0.25, 3);
    CHECK(at(log_of, 1) == 0);
    CHECK(at(log_of, 0) == -infinity);
    CHECK(std::isnan(at(log_of, -1)));
    CHECK(slope_at(log_of, 0) == infinity);
}

TEST_CASE("op: sqrt") {
    expect_value(sqrt_of, [](double x) { return std::sqrt(x); }, true, 1);
    test::expect_gradient<row>(sqrt_of, 0.25, 3);
    CHECK(at(sqrt_of, 0) == 0);
    CHECK(slope_at(sqrt_of, 0) == infinity);
    CHECK(std::isnan(at(sqrt_of, -1)));
}

TEST_CASE("op: tanh") {
    expect_value(tanh_of, [](double x) { return std::tanh(x); });
    test::expect_gradient<row>(tanh_of);
    CHECK(at(tanh_of, 50) == 1);
    CHECK(at(tanh_of, -infinity) == -1);
    CHECK(slope_at(tanh_of, 50) == 0);
}

TEST_CASE("op: sigmoid") {
    expect_value(sigmoid_of, [](double x) { return 1 / (1 + std::exp(-x)); });
    test::expect_gradient<row>(scaled_sigmoid_of);
    test::expect_gradient<row>(sigmoid_of);
    CHECK(at(sigmoid_of, 0) == 0.5);
    CHECK(std::abs(at(sigmoid_of, -40) / std::exp(-40.0) - 1) < 1e-13);
    CHECK(at(sigmoid_of, 800) == 1);
    CHECK(at(sigmoid_of, -infinity) == 0);
}

TEST_CASE("op: softplus, and its tails") {
    expect_value(softplus_of, [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
    test::expect_gradient<row>(softplus_of);
    CHECK(at(softplus_of, 1000) == 1000);
    CHECK(std::abs(at(softplus_of, -40) / std::exp(-40.0) - 1) < 1e-13);
    CHECK(at(softplus_of, -1000) == 0);
    CHECK(slope_at(softplus_of, 1000) == 1);
    CHECK(slope_at(softplus_of, -1000) == 0);
}

TEST_CASE("op: the slope of elu far below zero is exp(x), to the last digits of float") {
    constexpr auto f = [](auto x) { return pm::elu(x, 0.5); };
    using P = test::program_of<decltype(f), float, pm::shape<6>>;
    test::numbers const x{-1, -5, -10, -20, -80, 3};
    for (auto const& r : test::three_ways<P>({x, {1, 1, 1, 1, 1, 1}})) {
        REQUIRE(r.status.ok());
        for (std::size_t k = 0; k < 5; ++k) CHECK(std::abs(r.outputs[1][k] / (0.5 * std::exp(x[k])) - 1) < 1e-6);
        CHECK(r.outputs[1][5] == 1);
    }
}
TEST_CASE("op: relu, and its derivative at zero") {
    expect_value(relu_of, [](double x) { return x > 0 ? x : 0; }, false, 0);
    test::expect_gradient<row>([](auto x) { return pm::relu(x - 2.0) + pm::relu(x) - pm::relu(-1.0 - x); }, 0.25, 1.5);
    CHECK(at(relu_of, 0) == 0);
    CHECK(slope_at(relu_of, 0) == 0);
    CHECK(slope_at(relu_of, 1e-300) == 1);
    CHECK(slope_at(relu_of, -1e-300) == 0);
}

TEST_CASE("op: round, ties to even; straight_through") {
    expect_value(round_of, [](double x) { return std::nearbyint(x); }, false, 0);
    double const inf = std::numeric_limits<double>::infinity();
    for (double const x : {0.0, 0.5, 0.49999999999999994, 1.5, 2.5, 1e15 + 0.5, 4503599627370495.5, 0x1p51,
                           0x1p52 + 1.0, 1e300, 5e-324, inf}) {
        CHECK(at(round_of, x) == std::nearbyint(x));
        CHECK(at(round_of, -x) == std::nearbyint(-x));
    }
    CHECK((std::signbit(at(round_of, -0.2)) && std::signbit(at(round_of, -0.0)) && !std::signbit(at(round_of, 0.2))));
    CHECK(std::isnan(at(round_of, not_a_number)));
    CHECK(slope_at(round_of, 1.2) == 0);
    auto const through = [](auto x) { return pm::straight_through(pm::round(x), x * x); };
    CHECK((at(through, 1.75) == 2 && slope_at(through, 1.75) == 3.5));
}

TEST_CASE("op: abs and sign") {
    expect_value(abs_of, [](double x) { return std::abs(x); }, false, 0);
    expect_value(sign_of, [](double x) { return x > 0 ? 1.0 : -1.0; }, false, 0);
    test::expect_gradient<row>(abs_of, 0.5, 2);
    test::expect_gradient<row>(abs_of, -2, -0.5);
    CHECK(slope_at(abs_of, 0) == 0);
    CHECK(at(sign_of, 0) == 0);
    CHECK(std::isnan(at(sign_of, not_a_number)));
}

TEST_CASE("op: greater, less and where") {
    using three = pm::shape<3>;
    auto const y = test::interpret<three, three>(
        [](auto a, auto b) { return std::tuple{a > b, a < b, pm::where(a > b, a, b)}; }, {{1, 2, 3}, {2, 2, 1}});
    CHECK(y.outputs[0] == test::numbers{0, 0, 1});
    CHECK(y.outputs[1] == test::numbers{1, 0, 0});
    CHECK(y.outputs[2] == test::numbers{2, 2, 3});
    CHECK(test::interpret<three>([](auto a) { return a > 0; }, {{not_a_number, 1, -1}}).outputs[0] ==
          test::numbers{0, 1, 0});
    test::expect_gradient<pm::shape<4, 3>, three, pm::shape<4, 1>>(
        [](auto c, auto a, auto b) { return pm::where(c > 0.1, a * a, pm::exp(b)); });
    // What is not taken may be infinite: no NaN reaches the gradient.
    CHECK(slope_at([](auto x) { return pm::where(x > 0, pm::log(x), x); }, 2) == 0.5);
}

TEST_CASE("op: equal") {
    auto const f = [](auto a, auto b) { return pm::apply_elementwise<pm::op::equal>(a, b); };
    CHECK(test::interpret<pm::shape<3>, pm::shape<3>>(f, {{1, not_a_number, 0}, {1, not_a_number, -1}}).outputs[0] ==
          test::numbers{1, 0, 0});
}
