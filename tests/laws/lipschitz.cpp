// The laws of lipschitz. The norms that it makes are in lipschitz_norms.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/lipschitz.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;
using pm::param::lipschitz;

TEST_CASE("laws: lipschitz") {
    CHECK(pm::laws<lipschitz<1, 2>, pm::shape<5, 9>>::check() == "");
    CHECK(pm::laws<lipschitz<0.5, 1>, pm::shape<4, 3>>::check() == "");
    CHECK(pm::laws<lipschitz<2, 1>, pm::shape<3, 2, 2>>::check() == "");
    CHECK(pm::laws<lipschitz<>, pm::shape<1, 1>>::check() == "");
}
