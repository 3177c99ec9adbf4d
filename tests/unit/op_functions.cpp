// Elementary functions, powers, activations and bounds: value against libm, derivative against finite differences, and
// the edges that their headers document.
//
// SPDX-License-Identifier: BSL-1.0
#include "../pointwise.hpp"

#include "paramorph/op/clamp.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/gelu.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/rsqrt_or_zero.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/sin.hpp"

namespace {

using test::at, test::expect_gradient, test::expect_value, test::row, test::slope_at;
double const infinity = test::infinity, not_a_number = test::not_a_number;

constexpr auto log1p_of = [](auto x) { return pm::log1p(x); };
constexpr auto rsqrt_of = [](auto x) { return pm::rsqrt(x); };
constexpr auto rsqrt_or_zero_of = [](auto x) { return pm::rsqrt_or_zero(x); };
constexpr auto sin_of = [](auto x) { return pm::sin(x); };
constexpr auto cos_of = [](auto x) { return pm::cos(x); };
constexpr auto erf_of = [](auto x) { return pm::erf(x); };
constexpr auto normal_cdf_of = [](auto x) { return pm::normal_cdf(x); };
constexpr auto gelu_of = [](auto x) { return pm::gelu(x); };
constexpr auto silu_of = [](auto x) { return pm::silu(x); };
constexpr auto elu_of = [](auto x) { return pm::elu(x); };
constexpr auto elu_half_of = [](auto x) { return pm::elu(x, 0.5); };
constexpr auto clamp_of = [](auto x) { return pm::clamp(x, -1, 1.5); };

}  // namespace

TEST_CASE("op: log1p") {
    expect_value(log1p_of, [](double x) { return std::log1p(x); }, true);
    expect_gradient<row>(log1p_of, -0.75, 3);
    CHECK(at(log1p_of, 1e-12) == std::log1p(1e-12));
    CHECK(at(log1p_of, -1) == -infinity);
    CHECK(std::isnan(at(log1p_of, -2)));
    CHECK(slope_at(log1p_of, -1) == infinity);
}

TEST_CASE("op: rsqrt") {
    expect_value(rsqrt_of, [](double x) { return 1 / std::sqrt(x); }, true);
    expect_gradient<row>(rsqrt_of, 0.25, 3);
    CHECK(at(rsqrt_of, 0) == infinity);
    CHECK(at(rsqrt_of, -0.0) == -infinity);
    CHECK(at(rsqrt_of, infinity) == 0);
    CHECK(std::isnan(at(rsqrt_of, -1)));
}

TEST_CASE("op: rsqrt_or_zero") {
    expect_value(rsqrt_or_zero_of, [](double x) { return 1 / std::sqrt(x); }, true);
    expect_gradient<row>(rsqrt_or_zero_of, 0.25, 3);
    for (double zero : {0.0, -0.0}) {
        CHECK(at(rsqrt_or_zero_of, zero) == 0);
        CHECK(slope_at(rsqrt_or_zero_of, zero) == 0);
    }
    CHECK(at(rsqrt_or_zero_of, infinity) == 0);
    CHECK(std::isnan(at(rsqrt_or_zero_of, -1)));
    CHECK(std::isnan(at(rsqrt_or_zero_of, std::nan(""))));
}

TEST_CASE("op: sin and cos") {
    expect_value(sin_of, [](double x) { return std::sin(x); });
    expect_value(cos_of, [](double x) { return std::cos(x); });
    expect_gradient<row>([](auto x) { return std::tuple{pm::sin(x), pm::cos(x)}; }, -4, 4);
    CHECK(at(sin_of, 1e22) == std::sin(1e22));
    CHECK(at(cos_of, 0) == 1);
    CHECK(std::signbit(at(sin_of, -0.0)));
    CHECK(std::isnan(at(sin_of, infinity)));
    CHECK(slope_at(sin_of, 0) == 1);
    CHECK(slope_at(cos_of, 0) == 0);
}

TEST_CASE("op: erf and normal_cdf") {
    expect_value(erf_of, [](double x) { return std::erf(x); });
    expect_value(normal_cdf_of, [](double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }, false, 16);
    expect_gradient<row>([](auto x) { return std::tuple{pm::erf(x), pm::normal_cdf(x)}; });
    CHECK(at(erf_of, infinity) == 1);
    CHECK(at(erf_of, -infinity) == -1);
    CHECK(at(normal_cdf_of, 0) == 0.5);
    CHECK(std::abs(at(normal_cdf_of, -30) / 4.906713927148187e-198 - 1) < 1e-14);
    CHECK(slope_at(erf_of, infinity) == 0);
    CHECK(std::isnan(at(normal_cdf_of, not_a_number)));
}

TEST_CASE("op: gelu") {
    expect_value(gelu_of, [](double x) { return 0.5 * x * std::erfc(-x * std::sqrt(0.5)); }, false, 16);
    expect_gradient<row>(gelu_of, -4, 4);
    CHECK(at(gelu_of, infinity) == infinity);
    CHECK(at(gelu_of, -infinity) == 0);
    CHECK(std::isnan(at(gelu_of, not_a_number)));
    CHECK(slope_at(gelu_of, 0) == 0.5);
    CHECK(slope_at(gelu_of, 50) == 1);
    CHECK(slope_at(gelu_of, -50) == 0);
}

TEST_CASE("op: silu") {
    expect_value(silu_of, [](double x) { return x / (1 + std::exp(-x)); });
    expect_gradient<row>(silu_of, -4, 4);
    CHECK(at(silu_of, infinity) == infinity);
    CHECK(at(silu_of, -infinity) == 0);
    CHECK(at(silu_of, -740) < 0);
    CHECK(slope_at(silu_of, 0) == 0.5);
    CHECK(slope_at(silu_of, 1000) == 1);
    CHECK(slope_at(silu_of, -1000) == 0);
}

TEST_CASE("op: elu, and its derivative at zero") {
    expect_value(elu_of, [](double x) { return x > 0 ? x : std::expm1(x); });
    expect_value(elu_half_of, [](double x) { return x > 0 ? x : 0.5 * std::expm1(x); });
    expect_gradient<row>(elu_of);
    expect_gradient<row>(elu_half_of, -2, -0.5);
    CHECK(at(elu_of, 1000) == 1000);
    CHECK(at(elu_half_of, -infinity) == -0.5);
    CHECK(std::isnan(at(elu_half_of, not_a_number)));
    CHECK(slope_at(elu_half_of, 0) == 0.5);
    CHECK(slope_at(elu_half_of, 1000) == 1);
    CHECK(slope_at(elu_of, -1000) == 0);
}

TEST_CASE("op: pow by products, roots, and in general") {
    constexpr auto powers = [](auto x) {
        return std::tuple{pm::pow(x, 1),    pm::pow(x, 2),    pm::pow(x, 3),  pm::pow(x, 4),
                          pm::pow(x, 5),    pm::pow(x, -1),   pm::pow(x, -2), pm::pow(x, 0.5),
                          pm::pow(x, -0.5), pm::pow(x, 2.25), pm::pow(x, 7),  pm::pow(x, -3)};
    };
    double const exponents[] = {1, 2, 3, 4, 5, -1, -2, 0.5, -0.5, 2.25, 7, -3};
    test::numbers x = test::samples;
    for (double& e : x) e = std::abs(e);
    auto const y = test::interpret<row>(powers, {x}).outputs;
    for (std::size_t k = 0; k < y.size(); ++k)
        for (std::size_t i = 0; i < x.size(); ++i) {
            INFO(x[i] << " to the power of " << exponents[k]);
            CHECK(std::abs(y[k][i] / std::pow(x[i], exponents[k]) - 1) <= 1e-15);
        }
    expect_gradient<row>(powers, 0.5, 2, 2e-7);
    expect_gradient<row>([](auto z) { return std::tuple{pm::pow(z, 7), pm::pow(z, 3), pm::pow(z, -3)}; }, -2, -0.5,
                         2e-6);
}

TEST_CASE("op: pow at its edges") {
    auto const none = [](auto x) { return pm::pow(x, 0); };
    CHECK(at(none, 3) == 1);
    CHECK(at(none, not_a_number) == 1);
    CHECK(slope_at(none, 0) == 0);
    auto const seventh = [](auto x) { return pm::pow(x, 7); };
    CHECK(at(seventh, -2) == -128);
    CHECK(slope_at(seventh, 0) == 0);
    auto const broken = [](auto x) { return pm::pow(x, 1.5); };
    CHECK(std::isnan(at(broken, -2)));
    CHECK(at(broken, -infinity) == infinity);
    CHECK(at([](auto x) { return pm::pow(x, -1.5); }, 0) == infinity);
    CHECK(at([](auto x) { return pm::pow(x, -2); }, 1e160) == 1e-320);  // a square that would overflow
    test::pipeline const cube = test::gradient_passes<row>([](auto x) { return pm::pow(x, 3); });
    CHECK(cube.count("pow") == 0);
    CHECK(cube.count("multiply") == 3);
}

TEST_CASE("op: minimum and maximum share ties, and NaN stays") {
    using three = pm::shape<3>;
    auto const f = [](auto x, auto y) { return std::tuple{pm::minimum(x, y), pm::maximum(x, y)}; };
    auto const y = test::interpret<three, three>(f, {{1, 2, -infinity}, {2, 1, 5}});
    CHECK(y.outputs[0] == test::numbers{1, 1, -infinity});
    CHECK(y.outputs[1] == test::numbers{2, 2, 5});
    for (auto const& a :
         test::interpret<three, three>(f, {{not_a_number, 1, not_a_number}, {1, not_a_number, 0}}).outputs)
        for (double e : a) CHECK(std::isnan(e));
    expect_gradient<pm::shape<4, 3>, three>(f);
    auto const smaller = [](auto x) { return pm::minimum(x, 1); };
    CHECK(slope_at(smaller, 1) == 0.5);
    CHECK(slope_at(smaller, 0) == 1);
    CHECK(slope_at(smaller, 2) == 0);
    auto const larger = [](auto x) { return pm::maximum(1, x); };
    CHECK(slope_at(larger, 1) == 0.5);
    CHECK(slope_at(larger, 0) == 0);
    CHECK(slope_at(larger, 2) == 1);
}

TEST_CASE("op: clamp, and its derivative on the bounds") {
    expect_value(clamp_of, [](double x) { return std::min(std::max(x, -1.0), 1.5); }, false, 0);
    expect_gradient<row>(clamp_of);
    CHECK(at(clamp_of, infinity) == 1.5);
    CHECK(at(clamp_of, -infinity) == -1);
    CHECK(std::isnan(at(clamp_of, not_a_number)));
    CHECK(slope_at(clamp_of, -1) == 1);
    CHECK(slope_at(clamp_of, 1.5) == 1);
    CHECK(slope_at(clamp_of, 1.6) == 0);
    CHECK(slope_at(clamp_of, -1.1) == 0);
    CHECK(slope_at(clamp_of, not_a_number) == 1);
    CHECK_THROWS(at([](auto x) { return pm::clamp(x, 1, -1); }, 0));
}

TEST_CASE("op: a number in an expression is finite") {
    CHECK_THROWS(at([](auto x) { return x * infinity; }, 1));
    CHECK_THROWS(at([](auto x) { return x - not_a_number; }, 1));
    CHECK_THROWS(test::trace<float, row>([](auto x) { return x + 1e39; }));
    CHECK(at([](auto x) { return x + 1e39; }, 1) == 1e39);
}
