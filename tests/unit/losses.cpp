// Losses at the edges of their domains. Their values and gradients are compared with PyTorch's in
// tests/parity/training.py.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>

#include "../catch.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/nn/losses.hpp"

namespace pm = paramorph;

namespace {

using three = xt::xtensor_fixed<float, xt::xshape<3>>;
using logits = xt::xtensor_fixed<float, xt::xshape<2, 3>>;
using two_labels = xt::xtensor_fixed<std::int32_t, xt::xshape<2>>;
constexpr float infinity = std::numeric_limits<float>::infinity(), no_number = std::numeric_limits<float>::quiet_NaN();

constexpr auto probabilities = [](auto y, auto t) { return pm::binary_cross_entropy(y, t); };
constexpr auto with_logits = [](auto z, auto t) { return pm::binary_cross_entropy_with_logits(z, t); };
constexpr auto ignoring = [](auto z, auto l) { return pm::cross_entropy<pm::ignore_index<>>(z, l); };

}  // namespace

TEST_CASE("losses: probabilities of 0 and 1", "[losses]") {
    auto const f = pm::function(probabilities);
    CHECK(f(three{0, 1, 0}, three{0, 1, 0}) == 0);
    CHECK(f(three{0, 1, 0.5f}, three{1, 0, 0.5f}) == Approx((200 + std::log(2.0)) / 3));
    CHECK(f(three{1e-45f, 1, 1}, three{1, 1, 1}) == Approx(100.0 / 3));
    CHECK(std::isnan(f(three{no_number, 1, 1}, three{1, 1, 1})));
    auto step = pm::value_and_grad(probabilities);
    auto const at_ends = step(three{0, 1, 0.5f}, three{1, 0, 0.5f});
    for (float const g : std::get<0>(at_ends.gradient)) CHECK(g == 0);
}

TEST_CASE("losses: logits that are large", "[losses]") {
    auto const f = pm::function(with_logits);
    CHECK(f(three{1e30f, -1e30f, 200}, three{1, 0, 1}) == 0);
    CHECK(f(three{3e30f, 0, 0}, three{0, 0.5f, 0.5f}) == Approx(1e30).epsilon(1e-6));
    CHECK(f(three{20, 20, 20}, three{1, 1, 1}) == Approx(2.0611536e-9).epsilon(1e-5));
    CHECK(std::isnan(f(three{no_number, 0, 0}, three{0, 0, 0})));
    auto const step = pm::value_and_grad(with_logits);
    auto const right = step(three{infinity, -infinity, 3e38f}, three{1, 0, 1});
    CHECK(right.value == 0);
    for (float const g : std::get<0>(right.gradient)) CHECK(g == 0);
    CHECK(std::isinf(f(three{infinity, 0, 0}, three{0.5f, 0, 0})));
    CHECK(std::isinf(f(three{-infinity, 0, 0}, three{1, 0, 0})));
    // The loss is linear in the target: the slope is -z.
    auto const slopes = std::get<1>(step(three{2, -3, 0.5f}, three{0, 1, 0.25f}).gradient);
    CHECK((slopes(0) == Approx(-2.0 / 3) && slopes(1) == Approx(1) && slopes(2) == Approx(-0.5 / 3)));
}

TEST_CASE("losses: huber far away and at its bound", "[losses]") {
    auto const f = pm::function([](auto y, auto t) { return pm::huber(y, t, 0.5); });
    CHECK(f(three{1e30f, 0.5f, -0.25f}, three{0, 0, 0}) == Approx(0.5e30 / 3));
    CHECK(f(three{0.5f, -0.5f, 0.25f}, three{0, 0, 0}) == Approx((0.125 + 0.125 + 0.03125) / 3));
    CHECK(std::isinf(f(three{infinity, 0, 0}, three{0, 0, 0})));
    CHECK(std::isnan(f(three{no_number, 0, 0}, three{0, 0, 0})));
}

TEST_CASE("losses: ignored rows count in nothing", "[losses]") {
    auto const f = pm::function(ignoring);
    logits const z{{1, 2, 3}, {no_number, infinity, 0}};
    CHECK(f(z, two_labels{2, -100}) == Approx(std::log(1 + std::exp(-1.0) + std::exp(-2.0))));
    CHECK(std::isnan(f(z, two_labels{-100, -100})));
    auto const of_ignored = pm::value_and_grad(ignoring)(z, two_labels{2, -100}).gradient;
    CHECK(of_ignored(0, 0) == Approx(std::exp(-2.0) / (1 + std::exp(-1.0) + std::exp(-2.0))));
    for (std::size_t k = 0; k < 3; ++k) CHECK(of_ignored(1, k) == 0);
    CHECK_THROWS_WITH(f(z, two_labels{2, 3}), Catch::Matchers::ContainsSubstring("a label lies outside [0, 3)"));
    CHECK_THROWS_WITH(f(z, two_labels{2, -1}), Catch::Matchers::ContainsSubstring("a label lies outside [0, 3)"));
    auto const gradient = pm::value_and_grad(ignoring)(logits{{1, 2, 3}, {5, 6, 7}}, two_labels{2, -100});
    for (std::size_t k = 0; k < 3; ++k) CHECK(gradient.gradient(1, k) == 0);
}

TEST_CASE("losses: what a weight of 0 is for counts in nothing", "[losses]") {
    constexpr auto weighed = [](auto z, auto l, auto w) { return pm::cross_entropy(z, l, pm::loss_weight(w)); };
    // A class that is switched off, and weighs nothing, does not count where the labels are smoothed.
    auto const smoothed = pm::value_and_grad(
        [](auto z, auto l, auto w) { return pm::cross_entropy<pm::label_smoothing<0.3>>(z, l, pm::loss_weight(w)); });
    auto const off = smoothed(logits{{-infinity, 1, 1}, {-infinity, 1, 1}}, two_labels{1, 2}, three{0, 1, 1});
    CHECK(off.value == Approx((0.7 + 0.3 * 2 / 3) * std::log(2.0)));
    logits const slopes{{0, -0.175f, 0.175f}, {0, 0.175f, -0.175f}};
    for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(std::get<0>(off.gradient).data()[k] - slopes.data()[k]) < 1e-7f);
    // A row whose label weighs nothing keeps its part of the other classes; of one that is ignored nothing is left.
    auto const smoothed_rows = pm::function([](auto z, auto l, auto w) {
        return pm::cross_entropy<pm::ignore_index<>, pm::label_smoothing<0.2>, pm::reduction<"none">>(
            z, l, pm::loss_weight(w));
    });
    auto const parts =
        smoothed_rows(logits{{0.5f, -1, 0}, {0.5f, -infinity, 0}}, two_labels{1, 1}, three{0.5f, 0, 2.5f});
    double const sum_of_three = std::log(std::exp(0.5) + std::exp(-1.0) + 1), of_two = std::log(std::exp(0.5) + 1);
    CHECK(parts(0) == Approx(0.2 / 3 * (0.5 * (sum_of_three - 0.5) + 2.5 * sum_of_three)));
    CHECK(parts(1) == Approx(0.2 / 3 * (0.5 * (of_two - 0.5) + 2.5 * of_two)));
    CHECK(smoothed_rows(logits{{no_number, 0, 0}, {0, 0, 0}}, two_labels{-100, 1}, three{1, 1, 1})(0) == 0);
    logits const z{{1, 2, 3}, {no_number, infinity, 0}};
    three const w{0, 5, 2};
    auto const step = pm::value_and_grad(weighed)(z, two_labels{2, 0}, w);
    CHECK(step.value == Approx(std::log(1 + std::exp(-1.0) + std::exp(-2.0))));
    auto const& of_logits = std::get<0>(step.gradient);
    CHECK(of_logits(0, 0) == Approx(std::exp(-2.0) / (1 + std::exp(-1.0) + std::exp(-2.0))));
    for (std::size_t k = 0; k < 3; ++k) CHECK(of_logits(1, k) == 0);
    auto const f = pm::function(weighed);
    CHECK(std::isnan(f(z, two_labels{0, 0}, w)));  // as PyTorch's
    CHECK_THROWS_WITH(f(z, two_labels{2, 3}, w), Catch::Matchers::ContainsSubstring("a label lies outside [0, 3)"));
    // Weights of other classes do not matter, whatever they are.
    CHECK(f(z, two_labels{2, 0}, three{0, no_number, 2}) == step.value);

    auto const masked = pm::function(
        [](auto a, auto b, auto c) { return pm::binary_cross_entropy_with_logits(a, b, pm::loss_weight(c)); });
    CHECK(masked(three{infinity, 0, 0}, three{0.5f, 0, 0}, three{0, 1, 1}) == Approx(2 * std::log(2.0) / 3));
    auto const positive = pm::function(
        [](auto a, auto b, auto c) { return pm::binary_cross_entropy_with_logits(a, b, pm::pos_weight(c)); });
    CHECK(positive(three{infinity, -infinity, 0}, three{1, 0, 1}, three{7, 7, 3}) == Approx(std::log(2.0)));
    CHECK(positive(three{0, -120, -3}, three{0, 1, 0}, three{1, 1, 1}) ==
          Approx((std::log(2.0) + 120 + std::log1p(std::exp(-3.0))) / 3));
    CHECK(std::isinf(positive(three{-infinity, 0, 0}, three{1, 0, 0}, three{1, 1, 1})));
    CHECK(positive(three{-infinity, 0, 0}, three{1, 0, 0}, three{0, 1, 1}) == Approx(2 * std::log(2.0) / 3));
}

TEST_CASE("losses: each of the rows, among which some are ignored", "[losses]") {
    auto const f =
        pm::function([](auto z, auto l) { return pm::cross_entropy<pm::ignore_index<>, pm::reduction<"none">>(z, l); });
    auto const rows = f(logits{{1, 2, 3}, {no_number, infinity, 0}}, two_labels{2, -100});
    CHECK(rows(0) == Approx(std::log(1 + std::exp(-1.0) + std::exp(-2.0))));
    CHECK(rows(1) == 0);
    auto const all =
        pm::function([](auto z, auto l) { return pm::cross_entropy<pm::ignore_index<>, pm::reduction<"sum">>(z, l); });
    CHECK(all(logits{{1, 2, 3}, {no_number, infinity, 0}}, two_labels{-100, -100}) == 0);
}

TEST_CASE("losses: l1 where prediction and target are equal, and far apart", "[losses]") {
    auto const step = pm::value_and_grad([](auto y, auto t) { return pm::l1<pm::reduction<"sum">>(y, t); });
    auto const at = step(three{1, 3e38f, -0.5f}, three{1, 0, 0.5f});
    CHECK(at.value == 3e38f + 1);
    auto const& slopes = std::get<0>(at.gradient);
    CHECK((slopes(0) == 0 && slopes(1) == 1 && slopes(2) == -1));
    CHECK(std::isnan(step(three{no_number, 0, 0}, three{0, 0, 0}).value));
}
