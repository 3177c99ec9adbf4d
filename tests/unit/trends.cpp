// How functions of one number run, as their operations state beside their derivatives: no two arguments have a slope
// beyond, the ends that are finite are reached, and curves bend as they say. What is stated wrongly is found.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <random>
#include <string>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"

namespace pm = paramorph;
namespace op = pm::op;

namespace {

constexpr double infinity = pm::math::infinity;

// What is wrong with a trend of f on [low, high], or "".
template <class F>
std::string wrong(F const& f, pm::trend const& t, double low, double high) {
    std::mt19937_64 r(1);
    auto const within = [&](double a, double b) { return std::uniform_real_distribution<double>(a, b)(r); };
    double least = infinity, most = -infinity;
    for (int k = 0; k < 200000; ++k) {
        double const middle = within(low, high), apart = std::pow(10.0, within(-3, 1));
        double const x = std::max(low, middle - apart), y = std::min(high, middle + apart),
                     z = x + within(0, 1) * (y - x);
        if (!(x < y)) continue;
        double const a = f(x), b = f(y), c = f(z), s = (b - a) / (y - x);
        double const slack = 1e-14 * (1 + std::abs(a) + std::abs(b)), chord = a + s * (z - x);
        if (!(s * (y - x) >= t.least * (y - x) - slack)) return "falls by " + std::to_string(s);
        if (!(s * (y - x) <= t.most * (y - x) + slack)) return "rises by " + std::to_string(s);
        if (t.convex && !(c <= chord + slack)) return "is not convex at " + std::to_string(z);
        if (t.concave && !(c >= chord - slack)) return "is not concave at " + std::to_string(z);
        least = std::min(least, s);
        most = std::max(most, s);
    }
    if (std::isfinite(t.least) && least > t.least + 0.01) return "falls less than it says";
    if (std::isfinite(t.most) && most < t.most - 0.01) return "rises less than it says";
    return "";
}
template <class Op>
std::string wrong_with(double low = -20, double high = 20, double second = 0, double third = 0) {
    double const numbers[pm::max_arguments]{0, second, third};
    return wrong(
        [=](double x) {
            double const all[pm::max_arguments]{x, second, third};
            return Op::scalar(all);
        },
        Op::runs(numbers), low, high);
}

}  // namespace

TEST_CASE("trends: as they are stated") {
    CHECK(wrong_with<op::relu>() == "");
    CHECK(wrong_with<op::tanh<>>() == "");
    CHECK(wrong_with<op::sigmoid<>>() == "");
    CHECK(wrong_with<op::softplus<>>() == "");
    CHECK(wrong_with<op::abs>() == "");
    CHECK(wrong_with<op::negate>() == "");
    CHECK(wrong_with<op::detach>() == "");
    CHECK(wrong_with<op::exp<>>(-20, 3) == "");
    CHECK(wrong_with<op::expm1>(-20, 3) == "");
    CHECK(wrong_with<op::log>(1e-3, 2000) == "");
    CHECK(wrong_with<op::log1p>(-0.999, 2000) == "");
    CHECK(wrong_with<op::sqrt>(0, 20000) == "");
    CHECK(wrong_with<op::rsqrt>(1e-2, 20) == "");
    CHECK(wrong_with<op::silu<>>() == "");
    CHECK(wrong_with<op::gelu<>>() == "");
    CHECK(wrong_with<op::erf>() == "");
    CHECK(wrong_with<op::normal_cdf<>>() == "");
    CHECK(wrong_with<op::sin>() == "");
    CHECK(wrong_with<op::cos>() == "");
    CHECK(wrong_with<op::whole_power<3>>(-5, 5) == "");
    CHECK(wrong_with<op::whole_power<4>>(-5, 5) == "");
    CHECK(wrong_with<op::whole_power<5>>(-3, 3) == "");
    CHECK(wrong_with<op::clamp>(-20, 20, -1, 2) == "");
    for (double const alpha : {0.0, 0.5, 1.0, 2.0, -1.0}) CHECK(wrong_with<op::elu>(-20, 20, alpha) == "");
}

TEST_CASE("trends: the largest slopes of silu and gelu, to nine digits") {
    // Their second derivatives vanish at 2.39935728 and at the root of 2.
    double const none[pm::max_arguments]{};
    CHECK((op::silu<>::runs(none).most >= 1.0998393201288669 && op::silu<>::runs(none).most < 1.09983934));
    CHECK((op::silu<>::runs(none).least <= -0.0998393201288669 && op::silu<>::runs(none).least > -0.09983934));
    CHECK((op::gelu<>::runs(none).most >= 1.1289041451851547 && op::gelu<>::runs(none).most < 1.12890416));
    CHECK((op::gelu<>::runs(none).least <= -0.1289041451851547 && op::gelu<>::runs(none).least > -0.12890416));
    CHECK((op::erf::runs(none).most >= 1.1283791670955125738 &&
           op::normal_cdf<>::runs(none).most >= 0.39894228040143267));
}

TEST_CASE("trends: what is stated wrongly is found") {
    auto const tanh = [](double x) { return std::tanh(x); };
    CHECK(wrong(tanh, {.least = 0, .most = 1}, -20, 20) == "");
    CHECK(wrong(tanh, {.least = 0, .most = 0.9}, -20, 20) != "");
    CHECK(wrong(tanh, {.least = 0, .most = 1.1}, -20, 20) != "");
    CHECK(wrong(tanh, {.least = 0.1, .most = 1}, -20, 20) != "");
    CHECK(wrong(tanh, {.least = -0.5, .most = 1}, -20, 20) != "");
    CHECK(wrong(tanh, {.least = 0, .most = 1, .convex = true}, -20, 20) != "");
    CHECK(wrong(tanh, {.least = 0, .most = 1, .concave = true}, -20, 20) != "");
    CHECK(wrong([](double x) { return x > 0 ? 1.0 : 0.0; }, {.least = 0, .most = 1}, -20, 20) != "");
}
