// The laws of exponential, and what it refuses.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/exponential.hpp"
#include "paramorph/testing/laws.hpp"
#include "positive_everywhere.hpp"

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
        auto const [least, again] = test::expect_positive<pm::param::exponential, T>();
        CHECK(again == least);
    };
    check(float{});
    check(double{});
}
