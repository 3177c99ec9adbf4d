// The laws of symmetric.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: symmetric") {
    CHECK(pm::laws<pm::param::symmetric, pm::shape<9, 9>>::check() == "");
}
