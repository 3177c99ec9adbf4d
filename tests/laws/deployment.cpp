// The laws of what makes weights small to store: fake_quantize, binary, ternary, pruned, permuted, codebook. What
// gradients go straight through is compared with PyTorch in ../parity/fake_quantize.py, and with formulas here.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/param/codebook.hpp"
#include "paramorph/param/fake_quantize.hpp"
#include "paramorph/param/permuted.hpp"
#include "paramorph/param/pruned.hpp"
#include "paramorph/param/ternary.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::arrays, pm::testing::numbers;
template <class P, class Shape, class T = double>
using at = test::interpreted<P, Shape, T>;
using rows = pm::shape<2, 4>;

namespace {

// All laws but that of finite differences, which know nothing of gradients that go straight through.
template <class P, class Shape>
void expect_laws() {
    using laws = pm::laws<P, Shape>;
    for (auto law : {&laws::round_trip, &laws::codomain, &laws::kernels}) CHECK(law(1) == "");
}
numbers gradient(auto law, numbers const& x, numbers const& cotangent) {
    return law.gradient({x, cotangent}).outputs[0];
}

}  // namespace

TEST_CASE("laws: pruned, permuted") {
    CHECK(pm::laws<pm::param::pruned<2, 4>, pm::shape<3, 8>>::check() == "");
    CHECK(pm::testing::density_laws<permuted<1, 2, 0, 1>, pm::shape<2, 3>>::check() == "");
}
TEST_CASE("laws: of few values") {
    expect_laws<learned_fake_quantize<4, 0>, pm::shape<2, 5>>();
    expect_laws<binary<1>, pm::shape<2, 3>>();
    expect_laws<ternary<0>, pm::shape<2, 5>>();
}
TEST_CASE("codebook: its laws, numbers that are shared, and gradients that add up") {
    expect_laws<codebook<3>, pm::shape<2, 5>>();
    using law = at<codebook<3>, pm::shape<2, 3>>;
    numbers const index{2, 0, 1, 1, 2, 2};
    CHECK(law::value({{5, -0.5, 7}, index}).outputs[0] == numbers{7, 5, -0.5, -0.5, 7, 7});
    CHECK(law::gradient({{5, -0.5, 7}, index, {1, 2, 4, 8, 16, 32}}).outputs[0] == numbers{2, 12, 49});
    // Written by hand: beyond the last, below 0, between, and no number.
    CHECK(law::value({{5, 6, 7}, {9, -4, 1.5, std::nan(""), 1e30, 0}}).outputs[0] == numbers{7, 5, 6, 5, 7, 5});
    // No more than three numbers come back to the bit, whatever lies between them.
    double const least = 5e-324, inf = std::numeric_limits<double>::infinity();
    for (numbers const& y : {numbers{1, 1, 1, 1, 1, 1},
                             {0, 1e300, 0, -1e300, 0, 1e300},
                             {1, 1 + 2.3e-16, 1, 1, 1, 1e30},
                             {0, least, 2 * least, 0, 0, least},
                             {-0.1, -0.2, -0.3, -0.3, -0.3, -0.1},
                             numbers(6, 0)})
        CHECK(law::again(y).outputs[0] == y);
    for (double const bad : {std::nan(""), inf}) CHECK_FALSE(law::inverse({1, bad, 0, 0, 0, 0}).status.ok());
    // Two groups of two by Lloyd's iteration; the best three of all.
    numbers const near_two{1, 1.5, 8, 9, 1.25, 1.25};
    CHECK(at<codebook<2>, pm::shape<2, 3>>::again(near_two).outputs[0] == numbers{1.25, 1.25, 8.5, 8.5, 1.25, 1.25});
}
TEST_CASE("codebook: nearest is the best of all ways to share, and no further away than what project finds") {
    pm::random source{pm::seed{4}};
    for (int draw = 0; draw < 40; ++draw) {
        numbers x = pm::testing::drawn(source, 7);
        for (double& e : x) e = draw % 2 == 0 ? e : std::round(4 * e);
        xt::xtensor_fixed<double, xt::xshape<7>> a;
        std::copy(x.begin(), x.end(), a.begin());
        auto const lost = [&](auto const& y) {
            double total = 0;
            for (std::size_t k = 0; k < 7; ++k) total += (y[k] - x[k]) * (y[k] - x[k]);
            return total;
        };
        auto const y = pm::nearest<pm::set::values_at_most<3>>(a);
        CHECK(pm::contains<pm::set::values_at_most<3>>(y.data(), {1, {7}}, 0));
        double best = 1e300;  // of all ways to put seven numbers into three parts
        for (int way = 0; way < 2187; ++way) {
            double sum[3]{}, count[3]{};
            auto const each = [&](auto f) {
                for (int k = 0, w = way; k < 7; ++k, w /= 3) f(static_cast<std::size_t>(k), w % 3);
            };
            each([&](std::size_t k, int p) { sum[p] += x[k], ++count[p]; });
            numbers z(7);
            each([&](std::size_t k, int p) { z[k] = sum[p] / count[p]; });
            best = std::min(best, lost(z));
        }
        CHECK(std::abs(lost(y) - best) <= 1e-14);
        CHECK(lost(at<codebook<3>, pm::shape<7>>::again(x).outputs[0]) >= best - 1e-14);
    }
    static_assert(pm::subset<pm::set::values_at_most<2>, pm::set::values_at_most<3>> &&
                  !pm::subset<pm::set::values_at_most<3>, pm::set::values_at_most<2>>);
    double const three[]{1, 2, 3, 1 + 1e-9};
    CHECK((pm::contains<pm::set::values_at_most<3>>(three, {1, {4}}, 1e-8) &&
           !pm::contains<pm::set::values_at_most<3>>(three, {1, {4}}, 0)));
}
TEST_CASE("fake_quantize: values of Bits bits, whatever the size of the weight") {
    using law = at<fake_quantize<3, 0>, pm::shape<1, 5>>;
    for (double const s : {1e-300, 1e-30, 1.0, 1e30, 1e300}) {
        // Ties to even: 0.5 and 1.5 and -2.5 of a third.
        CHECK(test::apart(law::value({{3 * s, 0.5 * s, 1.5 * s, -2.5 * s, -0.4 * s}}).outputs[0],
                          {3 * s, 0, 2 * s, -2 * s, 0}) < 1e-15);
        CHECK(gradient(law{}, {3 * s, 0.5 * s, 1.5 * s, -2.5 * s, -0.4 * s}, {1, 2, 3, 4, 5}) ==
              numbers{1, 2, 3, 4, 5});
    }
    CHECK(law::value({{0, 0, 0, 0, 0}}).outputs[0] == numbers(5, 0));
    CHECK(law::value({{5e-324, 0, 0, 0, 0}}).outputs[0] == numbers(5, 0));
    CHECK(gradient(law{}, numbers(5, 0), {1, 2, 3, 4, 5}) == numbers{1, 2, 3, 4, 5});
    for (double const e : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        numbers const y = law::value({{e, 1, 1, 1, 1}}).outputs[0];
        for (double const each : y) CHECK(std::isnan(each));
    }
    // Half of the range: what is clamped has no gradient, and is that of the scale; 0.5 of 3 is 1.5, s is 0.5.
    using learned = at<learned_fake_quantize<3>, pm::shape<3>>;
    auto const y = learned::value({{3, 1.2, -0.2}, {0.5}}),
               slopes = learned::gradient({{3, 1.2, -0.2}, {0.5}, {1, 1, 1}});
    CHECK(test::apart(y.outputs[0], {1.5, 1, 0}) < 1e-15);
    CHECK(slopes.outputs[0] == numbers{0, 1, 1});
    CHECK(std::abs(slopes.outputs[1][0] - (3 + (2 - 2.4) + (0 + 0.4))) < 1e-15);
    // More than the range is the range; a negative part is none.
    CHECK(learned::value({{3, 1, 0}, {1.5}}).outputs[0] == numbers{3, 1, 0});
    CHECK(std::abs(learned::value({{3, 1, 0}, {-1}}).outputs[0][0]) < 1e-300);
    static_assert(pm::round_trips<fake_quantize<2>, pm::shape<1, 1>>());
}
TEST_CASE("binary and ternary: the mean magnitude with signs, gradients straight through") {
    using two = at<binary<0>, rows>;
    using three = at<ternary<0>, rows>;
    for (double const s : {1e-300, 1e-30, 1.0, 1e30, 1e300}) {
        CHECK(test::apart(two::value({{s, -2 * s, 3 * s, -2 * s, 0, -0.0, s, -s}}).outputs[0],
                          {2 * s, -2 * s, 2 * s, -2 * s, s / 2, s / 2, s / 2, -s / 2}) < 1e-15);
        CHECK(test::apart(three::value({{s, -2 * s, 3 * s, -2 * s, s, s, -2 * s, 12 * s}}).outputs[0],
                          {0, -2 * s, 2 * s, -2 * s, 0, 0, 0, 4 * s}) < 1e-15);
        numbers const y{0, -2 * s, 2 * s, 0, s, s, 0, -s};
        CHECK(test::apart(three::again(y).outputs[0], y) < 1e-15);
    }
    // binary: s is 1.5, its slope sum(c sign) sign / n, and s c where |x| <= 1.
    numbers const c{1, 2, 4, 8, 0, 0, 0, 0};
    double const of_scale = (1 - 2 + 4 - 8) / 4.0;
    CHECK(test::apart(gradient(two{}, {0.5, -0.5, 2, -3, 1, 1, 1, 1}, c),
                      {1.5 + of_scale, 3 - of_scale, of_scale, -of_scale, 0, 0, 0, 0}) < 1e-15);
    // ternary: s is 2; rounded are 0.25, -1, 1.5 and -1.25, so the slope of s is sum(c q) sign / n with q = 0, -1, 1,
    // -1.
    double const share = (-2 + 4 - 8) / 4.0;
    CHECK(test::apart(gradient(three{}, {0.5, -2, 3, -2.5, 1, 1, 1, 1}, c),
                      {1 + share, 2 - share, share, 8 - share, 0, 0, 0, 0}) < 1e-15);
    CHECK(three::value({numbers(8, 0)}).outputs[0] == numbers(8, 0));
    CHECK(two::value({numbers(8, 0)}).outputs[0] == numbers(8, 0));
    numbers const at_zero = gradient(three{}, numbers(8, 0), numbers(8, 1));
    for (double const e : at_zero) CHECK(std::isfinite(e));
    CHECK(std::isnan(two::value({{std::nan(""), 1, 1, 1, 1, 1, 1, 1}}).outputs[0][0]));
    pm::tensor<pm::shape<4>, pm::chain<ternary<>>> w;
    using row = xt::xtensor_fixed<float, xt::xshape<4>>;
    CHECK_FALSE(w.try_assign(row{1, 2, 0, 0}).ok());
    CHECK(w.try_assign(row{2, -2, 0, 2}).ok());
    w = pm::nearest(row{5, -1, 0.1f, 4});  // of two numbers that are not zero: 9^2 / 2 > 10^2 / 3
    CHECK((w() == row{4.5f, 0, 0, 4.5f}));
    CHECK((pm::nearest<pm::set::two_values<-1>>(row{1, -2, 3, -2}) == row{2, -2, 2, -2}));
}
TEST_CASE("pruned: the largest stay, of equal ones the first") {
    using law = at<pm::param::pruned<2, 4>, rows>;
    CHECK(law::value({{1, -3, 2, 0, -1, 1, -1, 1}}).outputs[0] == numbers{0, -3, 2, 0, -1, 1, 0, 0});
    CHECK(gradient(law{}, {1, -3, 2, 0, -1, 1, -1, 1}, {1, 2, 3, 4, 5, 6, 7, 8}) == numbers{0, 2, 3, 0, 5, 6, 0, 0});
    CHECK(law::value({{1e-300, -3e-300, 2e300, 5e-324, 0, 0, 0, 0}}).outputs[0] ==
          numbers{0, -3e-300, 2e300, 0, 0, 0, 0, 0});
    using tensor = pm::tensor<pm::shape<4>, pm::chain<pm::param::pruned<1, 2>>>;
    using row = xt::xtensor_fixed<float, xt::xshape<4>>;
    tensor w;
    CHECK_FALSE(w.try_assign(row{1, 2, 3, 4}).ok());
    w.project(row{1, 2, 4, -3});
    CHECK((w() == row{0, 2, 4, 0}));
    w.original()(1) = 0.5f;  // one that was pruned comes back when the others become smaller
    CHECK((w() == row{1, 0, 4, 0}));
    CHECK((pm::nearest<pm::set::pruned<1, 2>>(row{1, 2, 4, -4}) == row{0, 2, 4, 0}));
}
