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
