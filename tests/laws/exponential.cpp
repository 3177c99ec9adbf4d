// The laws of exponential, and what it refuses.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/exponential.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: exponential") {
    CHECK(pm::laws<pm::param::exponential, pm::shape<3, 4>>::check() == "");
}

TEST_CASE("exponential: a number that is not positive is refused") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::exponential>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2>>{1e-20f, 1e20f};
    CHECK(std::abs(w()(0) / 1e-20f - 1) < 1e-5f);
    auto const said = w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{0, 1});
    CHECK(std::string(said.failed) == "exponential: every element assigned must be greater than zero");
}

TEST_CASE("exponential: every value is positive and finite, and can be assigned again") {
    auto const check = [&]<class T>(T) {
        using value = pm::program::value_of<pm::param::exponential, pm::shape<17>, T>;
        using gradient = pm::program::gradient_of<pm::param::exponential, pm::shape<17>, T>;
        double const inf = std::numeric_limits<double>::infinity();
        pm::testing::numbers const x{-inf, -1e30, -1000, -746,  -200, -104, -103.2, -90, -1,
                                     0,    1,     88.7,  88.73, 100,  710,  1e30,   inf};
        auto const expect = [&](pm::testing::outcome const& r) {
            REQUIRE(r.status.ok());
            for (double const e : r.outputs[0]) CHECK((e > 0 && e <= double(std::numeric_limits<T>::max())));
        };
        expect(pm::testing::interpret(pm::testing::simplified<value>(), {x}));
        expect(pm::testing::run_kernel<value, T>({x}));
        expect(pm::testing::run_kernel<value, pm::simd::best<T>>({x}));
        auto const none = pm::testing::run_kernel<gradient, pm::simd::best<T>>({x, pm::testing::numbers(17, 0)});
        for (double const e : none.outputs[0]) CHECK(e == 0);
        auto const some = pm::testing::run_kernel<gradient, pm::simd::best<T>>({x, pm::testing::numbers(17, 1)});
        for (double const e : some.outputs[0]) CHECK((e >= 0 && e <= double(std::numeric_limits<T>::max())));
        pm::tensor<pm::shape<2>, pm::chain<pm::param::exponential>, T> w;
        w = xt::xtensor_fixed<T, xt::xshape<2>>{1, 2};
        w.original().fill(T(-1e30));
        auto const least = w();
        w = least;
        CHECK((w() == least));
        w.original()(0) = std::numeric_limits<T>::quiet_NaN();
        CHECK(std::isnan(w()(0)));
    };
    check(float{});
    check(double{});
}
