// The laws of the elementwise bounds: lower, upper, offset_multiplier; what log_abs_det is of these and of the other
// elementwise parametrizations, and of chains; and where rounding and overflow leave their values.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/param/interval.hpp"
#include "paramorph/param/lower.hpp"
#include "paramorph/param/offset_multiplier.hpp"
#include "paramorph/param/packed.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/upper.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::density_laws, pm::testing::numbers;

namespace {

// A user's own, elementwise, without a log_abs_det.
struct cubic {
    static constexpr auto forward(auto x) { return x * x * x + 2 * x; }
};
using bounds = pm::chain<offset_multiplier<-1, 2>, lower<-2>, upper<30>>;

double const inf = std::numeric_limits<double>::infinity();
numbers const far_away{-inf, -1e300, -1e30, -710,  -700, -104,  -40, -24.79099078521386, -1e-310, 0, 1e-310, 1, 20,
                       40,   88.5,   700,   709.9, 1e30, 1e300, inf};

// The laws; and every value is finite and within [low, high] as numbers, and log_abs_det is `expected(x)` of each.
template <class P>
void expect_within(double low, double high, auto const& expected) {
    using law = density_laws<P, pm::shape<2>>;
    CHECK(law::check() == "");
    for (double const e : far_away) {
        auto const r = law::at({0, e});
        REQUIRE(r.status.ok());
        INFO(e << " gives " << r.outputs[0][1] << ", " << r.outputs[1][0]);
        CHECK((r.outputs[0][1] >= low && r.outputs[0][1] <= high && std::isfinite(r.outputs[0][1])));
        double const sum = expected(0) + expected(e);
        CHECK((r.outputs[1][0] == sum || std::abs(r.outputs[1][0] - sum) <= 1e-12 * std::fmax(1, std::abs(sum))));
        for (double const slope : {r.outputs[2][1], r.outputs[3][1]}) CHECK(!std::isnan(slope));
    }
    CHECK(std::isnan(law::at({0, std::numeric_limits<double>::quiet_NaN()}).outputs[0][1]));
}
double softplus(double x) {
    return std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x)));
}

}  // namespace

TEST_CASE(
    "bounds of each element: values, gradients and right inverses at the bounds of the type, and what is refused") {
    using low = test::interpreted<lower<per_element>, pm::shape<3>>;
    using high = test::interpreted<upper<per_element>, pm::shape<3>>;
    using both = test::interpreted<interval<per_element, per_element>, pm::shape<3>>;
    numbers const a{-2, 0, 1e30}, b{-1, 1e-30, 3e30}, x{0, 1, -1};
    numbers const above = low::value({x, a}).outputs[0], below = high::value({x, b}).outputs[0],
                  between = both::value({x, a, b}).outputs[0];
    double const s = 1 / (1 + std::exp(-1.0));
    CHECK(pm::testing::far(above, {-1, std::exp(1.0), 1e30}, 1e-15, {1, {3}}) == "");
    CHECK(pm::testing::far(below, {-2, 1e-30 - std::exp(1.0), 3e30}, 1e-15, {1, {3}}) == "");
    CHECK((std::abs(between[0] + 1.5) < 1e-15 && std::abs(between[1] / (1e-30 * s) - 1) < 1e-15 &&
           std::abs(between[2] / (1e30 + 2e30 * (1 - s)) - 1) < 1e-15));
    for (double const e : far_away) {
        numbers const far(3, e), y = both::value({far, a, b}).outputs[0], l = low::value({far, a}).outputs[0],
                                 h = high::value({far, b}).outputs[0];
        for (std::size_t k = 0; k < 3; ++k) {
            INFO(e << " " << k);
            CHECK((y[k] >= a[k] && y[k] <= b[k] && l[k] >= a[k] && h[k] <= b[k]));
            CHECK((std::isfinite(l[k]) && std::isfinite(h[k])));
        }
    }
    // As numbers of the type do.
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        pm::random source{pm::seed{seed}};
        numbers const at = pm::testing::drawn(source, 3, -5, 5), c = pm::testing::drawn(source, 3);
        using fixed = test::interpreted<interval<-1, 2>, pm::shape<3>>;
        CHECK(both::value({at, numbers(3, -1), numbers(3, 2)}).outputs[0] == fixed::value({at}).outputs[0]);
        CHECK(test::apart(both::gradient({at, numbers(3, -1), numbers(3, 2), c}).outputs[0],
                          fixed::gradient({at, c}).outputs[0]) < 1e-15);
        CHECK(low::value({at, numbers(3, -1)}).outputs[0] ==
              test::interpreted<lower<-1>, pm::shape<3>>::value({at}).outputs[0]);
    }
    CHECK(pm::laws<interval<per_element, per_element>, pm::shape<2, 3>>::check() == "");
    CHECK((pm::laws<lower<per_element>, pm::shape<2>>::gradient() == "" &&
           pm::laws<upper<per_element>, pm::shape<2>>::gradient() == ""));
    using row = xt::xtensor_fixed<float, xt::xshape<1, 2>>;
    pm::nn::linear<2, 1, pm::weight<lower_upper<per_element, per_element>>, pm::no_bias> layer{pm::seed{1}};
    auto& w = layer.weight;
    CHECK((w()(0, 0) > 0 && w()(0, 1) < 1));
    w.state<0, 0>() = row{{-10, 5}};
    w.state<0, 1>() = row{{-9, 50}};
    w = row{{-9.5f, 20}};
    CHECK((std::abs(w()(0, 0) + 9.5f) < 1e-5f && std::abs(w()(0, 1) - 20) < 1e-4f));
    CHECK_FALSE(w.try_assign(row{{-9.5f, 51}}).ok());
    CHECK_FALSE(w.try_assign(row{{-10, 20}}).ok());
    CHECK(std::abs(w()(0, 1) - 20) < 1e-4f);
}
TEST_CASE("laws: bounds, by kernels") {
    CHECK(density_laws<bounds, pm::shape<3, 3>, float>::kernels() == "");
}
TEST_CASE("log_abs_det: of elementwise parametrizations, and of chains of them") {
    CHECK(density_laws<cubic, pm::shape<>>::check() == "");
    CHECK(density_laws<pm::chain<cubic, interval<0, 1>, cubic>, pm::shape<2, 2>>::check() == "");
    CHECK(density_laws<pm::chain<offset_multiplier<1, 0.25>, scale<-3>>, pm::shape<3>>::check() == "");
    CHECK(density_laws<packed<symmetric>, pm::shape<3, 3>>::check() == "");
    CHECK(density_laws<pm::chain<>, pm::shape<2>>::check() == "");
}
TEST_CASE("bounds: laws; a value is within its set, and log_abs_det is not lost where the value rounds or overflows") {
    double const most = std::numeric_limits<double>::max();
    expect_within<lower<6.515552440303498>>(6.515552440303498, most, [](double x) { return x; });
    expect_within<upper<0.3>>(-most, 0.3, [](double x) { return x; });
    expect_within<interval<0.1, 0.7>>(0.1, 0.7, [](double x) {
        return std::abs(x) > 1e9 ? -std::abs(x) : std::log(0.7 - 0.1) - softplus(x) - softplus(-x);
    });
    expect_within<exponential>(0, most, [](double x) { return x; });
    expect_within<positive>(0, most, [](double x) { return -softplus(-x); });
}
TEST_CASE("bounds: kernels in float keep to the set far away, as the interpreter") {
    using law = density_laws<bounds, pm::shape<3, 3>, float>;
    numbers x{-3e38, -1e30, -400, -52, -1e-40, 0, 2.5, 88, 3e38};
    numbers const found = law::by_kernel(x), expected = law::at(x).outputs[0];
    for (std::size_t k = 0; k < 9; ++k) {
        INFO(x[k] << ": " << found[k] << ", " << expected[k]);
        for (double const y : {found[k], expected[k]}) CHECK((y <= 30 && y >= -3.5e38));
        CHECK((std::abs(expected[k]) > 1e30 || std::abs(found[k] - expected[k]) <= 1e-4 * std::abs(expected[k])));
    }
    x[4] = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(law::by_kernel(x)[4]));
}
TEST_CASE("bounds: the bound is refused, and what exceeds it comes back") {
    using low = density_laws<lower<6.515552440303498>, pm::shape<2>>;
    using high = density_laws<upper<0.3>, pm::shape<2>>;
    for (double const e : {6.516, 7.0, 1e30, 1e300}) {
        double const y = low::at(low::original_of({e, 7}).outputs[0]).outputs[0][0],
                     z = high::at(high::original_of({-e, 0}).outputs[0]).outputs[0][0];
        INFO(e << ": " << y << ", " << z);
        CHECK((std::abs(y - e) <= 1e-12 * e && std::abs(z + e) <= 1e-12 * e));
    }
    CHECK(low::original_of({6.515552440303498, 7}).status.failed ==
          std::string("lower: every element assigned must exceed the bound"));
    CHECK(high::original_of({0.3, 0}).status.failed ==
          std::string("upper: every element assigned must be less than the bound"));
}
TEST_CASE("bounds: sets") {
    using namespace pm::set;
    static_assert(pm::subset<at_least<1>, pm::set::positive> && pm::subset<at_least<0>, nonnegative>);
    static_assert(pm::subset<nonnegative, at_least<-1>> && pm::subset<pm::set::positive, at_least<0>>);
    static_assert(!pm::subset<pm::set::positive, at_least<1>> && !pm::subset<at_least<0>, pm::set::positive>);
    static_assert(pm::subset<at_least<2>, at_least<1>> && !pm::subset<at_least<1>, at_least<2>>);
    static_assert(pm::subset<at_most<1>, at_most<2.5>> && pm::subset<at_most<-1>, nonzero>);
    static_assert(pm::subset<pm::set::interval<0, 1>, at_most<1>> && pm::subset<pm::set::simplex, at_least<0>>);
    double const x[]{1, 2};
    CHECK((pm::contains<at_least<1>>(x, {1, {2}}, 0) && !pm::contains<at_least<1.5>>(x, {1, {2}}, 0.1)));
    CHECK((pm::contains<at_most<2>>(x, {1, {2}}, 0) && !pm::contains<at_most<1.5>>(x, {1, {2}}, 0.1)));
}
