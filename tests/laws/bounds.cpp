// The laws of the elementwise bounds: lower, upper, offset_multiplier; what log_abs_det is of these and of the other
// elementwise parametrizations, and of chains; and where rounding and overflow leave their values.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/nn/log_abs_det.hpp"
#include "paramorph/param/interval.hpp"
#include "paramorph/param/lower.hpp"
#include "paramorph/param/offset_multiplier.hpp"
#include "paramorph/param/packed.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/upper.hpp"
#include "paramorph/testing/laws.hpp"
#include "paramorph/testing/log_abs_det.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::log_abs_det_law, pm::testing::numbers, pm::testing::interpret;

namespace {

// A user's own, elementwise, without a log_abs_det.
struct cubic {
    static constexpr auto forward(auto x) { return x * x * x + 2 * x; }
};
using bounds = pm::chain<offset_multiplier<-1, 2>, lower<-2>, upper<30>>;

double const inf = std::numeric_limits<double>::infinity();
numbers const far_away{-inf, -1e300, -1e30, -710,  -700, -104,  -40, -24.79099078521386, -1e-310, 0, 1e-310, 1, 20,
                       40,   88.5,   700,   709.9, 1e30, 1e300, inf};

// Every value is finite and within [low, high] as numbers, in the kernel of T and the interpreter, and log_abs_det is
// `expected(x)` of each number alone.
template <class P, class T>
void expect_within(double low, double high, auto const& expected) {
    using programs = pm::testing::density_programs<P, pm::shape<1>, T>;
    auto const g = programs::forward();
    for (double e : far_away) {
        if (sizeof(T) == 4 && std::isfinite(e) && std::abs(e) > 1e38) continue;
        e = double(T(e));
        auto const r = interpret(*g, {{e}});
        REQUIRE(r.status.ok());
        INFO(e << " gives " << r.outputs[0][0] << ", " << r.outputs[1][0]);
        CHECK((r.outputs[0][0] >= low && r.outputs[0][0] <= high && std::isfinite(r.outputs[0][0])));
        CHECK((r.outputs[1][0] == expected(e) ||
               std::abs(r.outputs[1][0] - expected(e)) <= 1e-12 * std::fmax(1, std::abs(expected(e)))));
        CHECK(!std::isnan(r.outputs[2][0]));
    }
    CHECK(std::isnan(interpret(*g, {{std::numeric_limits<double>::quiet_NaN()}}).outputs[0][0]));
}
double softplus(double x) {
    return std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x)));
}

}  // namespace

TEST_CASE("laws: bounds") {
    CHECK(pm::laws<bounds, pm::shape<3, 3>>::check() == "");
}
TEST_CASE("log_abs_det: of elementwise parametrizations, and of chains of them") {
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        CHECK(log_abs_det_law<lower<-2>, pm::shape<3>>(seed) == "");
        CHECK(log_abs_det_law<upper<0.3>, pm::shape<2, 2>>(seed) == "");
        CHECK(log_abs_det_law<offset_multiplier<1, 0.25>, pm::shape<3>>(seed) == "");
        CHECK(log_abs_det_law<interval<-1, 2>, pm::shape<3>>(seed) == "");
        CHECK(log_abs_det_law<positive, pm::shape<3>>(seed) == "");
        CHECK(log_abs_det_law<exponential, pm::shape<1, 3>>(seed) == "");
        CHECK(log_abs_det_law<scale<-3>, pm::shape<3>>(seed) == "");
        CHECK(log_abs_det_law<cubic, pm::shape<>>(seed) == "");
        CHECK(log_abs_det_law<pm::chain<cubic, interval<0, 1>, cubic>, pm::shape<2, 2>>(seed) == "");
        CHECK(log_abs_det_law<packed<symmetric>, pm::shape<3, 3>>(seed) == "");
        CHECK(log_abs_det_law<pm::chain<>, pm::shape<2>>(seed) == "");
    }
}
TEST_CASE("log_abs_det: of arrays, by kernels") {
    xt::xtensor_fixed<float, xt::xshape<5>> const x{-20, -1, 0, 1, 20};
    auto const [y, log_det] = pm::value_and_log_abs_det<interval<0, 1>>(x);
    double expected = 0;
    for (float const e : x) expected -= softplus(double(e)) + softplus(-double(e));
    CHECK(std::abs(double(log_det) - expected) < 1e-5);
    CHECK(pm::log_abs_det<interval<0, 1>>(x) == log_det);
    CHECK((y(0) < 1e-8f && y(2) == 0.5f && y(4) <= 1));
}
TEST_CASE("bounds: a value is within its set, and log_abs_det is not lost where the value rounds or overflows") {
    double const most = std::numeric_limits<double>::max();
    expect_within<lower<2>, double>(2, most, [](double x) { return x; });
    expect_within<lower<6.515552440303498>, double>(6.515552440303498, most, [](double x) { return x; });
    expect_within<upper<-0.3>, double>(-most, -0.3, [](double x) { return x; });
    expect_within<interval<0.1, 0.7>, double>(0.1, 0.7, [](double x) {
        return std::abs(x) > 1e9 ? -std::abs(x) : std::log(0.7 - 0.1) - softplus(x) - softplus(-x);
    });
    expect_within<exponential, double>(0, most, [](double x) { return x; });
    expect_within<positive, double>(0, most, [](double x) { return -softplus(-x); });
}
TEST_CASE("bounds: the bound is refused, and what exceeds it comes back") {
    pm::tensor<pm::shape<2>, pm::chain<lower<0.1>>> w;
    using pair = xt::xtensor_fixed<float, xt::xshape<2>>;
    for (float const e : {0.1001f, 1e-3f + 0.1f, 1e30f}) {
        w = pair{e, 1};
        CHECK(std::abs(w()(0) - e) <= 1e-5f * e);
        CHECK(w()(0) >= 0.1f);
    }
    w.original()(0) = -200;
    CHECK((double(w()(0)) >= 0.1 && w()(0) < 0.1001f));
    CHECK(w.try_assign(pair{0.1f, 1}).failed == std::string("lower: every element assigned must exceed the bound"));
    pm::tensor<pm::shape<2>, pm::chain<upper<0.3>>> v;
    v = pair{0, 0};
    v.original().fill(-200);
    CHECK((double(v()(0)) <= 0.3 && v()(0) > 0.2999f));
    v.original().fill(200);
    CHECK((std::isfinite(v()(0)) && v()(0) < -1e38f));
    CHECK(v.try_assign(pair{0, 1}).failed == std::string("upper: every element assigned must be less than the bound"));
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
