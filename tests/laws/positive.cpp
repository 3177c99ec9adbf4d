// The laws of positive.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"
#include "positive_everywhere.hpp"

namespace pm = paramorph;

TEST_CASE("laws: positive") {
    CHECK(pm::laws<pm::param::positive, pm::shape<3, 9>>::check() == "");
}

TEST_CASE("positive: every value is positive and finite, and can be assigned again") {
    auto const check = [&]<class T>(T) {
        auto const [least, again] = test::expect_positive<pm::param::positive, T>();
        CHECK((again > 0 && again <= 8 * least));
    };
    check(float{});
    check(double{});
}
