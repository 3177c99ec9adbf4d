// The laws of interval, and what it refuses.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/interval.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: interval") {
    CHECK(pm::laws<pm::param::interval<-1, 2>, pm::shape<3, 4>>::check() == "");
}

TEST_CASE("interval: its ends are refused") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::interval<-1, 2>>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2>>{-0.999f, 1.999f};
    CHECK(std::abs(w()(1) - 1.999f) < 1e-6f);
    CHECK(w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{-1, 0}).failed ==
          std::string("interval: every element assigned must exceed the lower end"));
    CHECK(w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{0, 2}).failed ==
          std::string("interval: every element assigned must be less than the upper end"));
}

namespace {

// Every value lies within the closed interval, as numbers, by interpreter and kernels; and the slope is the sigmoid's.
template <class T, auto Low, auto High>
void expect_within() {
    using P = pm::param::interval<Low, High>;
    using value = pm::program::value_of<P, pm::shape<2004>, T>;
    pm::testing::numbers x{-1e30,
                           -120,
                           -90,
                           -40,
                           -17,
                           17,
                           40,
                           90,
                           120,
                           1e30,
                           -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::infinity()};
    for (int k = 0; k < 1992; ++k) x.push_back((k - 996) * 0.04);
    bool inside = true;
    auto const check = [&](pm::testing::outcome const& r) {
        REQUIRE(r.status.ok());
        for (double const e : r.outputs[0]) inside = inside && e >= double(Low) && e <= double(High);
    };
    check(pm::testing::interpret(pm::testing::simplified<value>(), {x}));
    check(pm::testing::run_kernel<value, T>({x}));
    check(pm::testing::run_kernel<value, pm::simd::best<T>>({x}));
    CHECK(inside);
}

}  // namespace

TEST_CASE("interval: no value is beyond an end") {
    expect_within<float, 0.1, 0.7>();
    expect_within<float, 0.1, 0.9>();
    expect_within<float, -0.3, 0.1>();
    expect_within<float, -1, 0.3>();
    expect_within<float, 1e-3, 0.3>();
    expect_within<float, -10, 1e-3>();
    expect_within<float, -100, 0.01>();
    expect_within<float, -0.01, 100>();
    expect_within<float, -1e30, 1e-30>();
    expect_within<double, 0.1, 0.7>();
    expect_within<double, -100, 0.01>();
    expect_within<double, -1e-3, 1e10>();
}

TEST_CASE("interval: the slope is that of the sigmoid, also where a value is kept from going beyond an end") {
    using gradient = pm::program::gradient_of<pm::param::interval<-100, 0.01>, pm::shape<3>, double>;
    pm::testing::arrays const x{{-30, 15, 33}, {1, 1, 1}};
    auto const g = pm::testing::run_kernel<gradient, double>(x).outputs[0];
    for (std::size_t k = 0; k < 3; ++k) {
        double const e = std::exp(-std::abs(x[0][k])), slope = 100.01 * e / ((1 + e) * (1 + e));
        CHECK(std::abs(g[k] / slope - 1) < 1e-1);  // the sigmoid has rounded near 1
    }
}
