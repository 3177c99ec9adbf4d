// The laws of upper_triangular and lower_triangular.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: triangular") {
    CHECK(pm::laws<pm::param::upper_triangular, pm::shape<9, 9>>::check() == "");
    CHECK(pm::laws<pm::param::lower_triangular, pm::shape<3, 5>>::check() == "");
}
