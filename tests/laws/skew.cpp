// The laws of skew.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: skew", "[behaviour-5]") {
    CHECK(pm::laws<pm::param::skew, pm::shape<9, 9>>::check() == "");
}
