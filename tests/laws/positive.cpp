// The laws of positive.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: positive") {
    CHECK(pm::laws<pm::param::positive, pm::shape<3, 9>>::check() == "");
}

TEST_CASE("positive: every value is positive and finite, and can be assigned again") {
    auto const check = [&]<class T>(T) {
        using value = pm::program::value_of<pm::param::positive, pm::shape<17>, T>;
        using gradient = pm::program::gradient_of<pm::param::positive, pm::shape<17>, T>;
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
        pm::tensor<pm::shape<2>, pm::chain<pm::param::positive>, T> w;
        w = xt::xtensor_fixed<T, xt::xshape<2>>{1, 2};
        w.original().fill(T(-1e30));
        auto const least = w();
        w = least;
        CHECK((w()(0) > 0 && w()(0) <= 8 * least(0)));
        w.original()(0) = std::numeric_limits<T>::quiet_NaN();
        CHECK(std::isnan(w()(0)));
    };
    check(float{});
    check(double{});
}
